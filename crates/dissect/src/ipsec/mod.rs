//! Decryption of IPsec: the secrets that `-E` gives, and what they open.

mod cipher;
mod secrets;

use crate::Network;
use cipher::Cipher;
use std::net::IpAddr;

/// Which packets a secret is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    /// ESP packets with this index to this host.
    Esp { spi: u32, dst: IpAddr },
    /// ESP packets that no other secret is for.
    AnyEsp,
    /// IKEv2 messages of one side of one exchange.
    Ike { from_initiator: bool, initiator: [u8; 8], responder: [u8; 8] },
}

/// One secret.
struct Association {
    scope: Scope,
    cipher: Cipher,
    /// Bytes of authentication code at the end.
    auth_len: usize,
}

/// The secrets that are known, and what was wrong with those that could not be read.
#[derive(Default)]
pub(crate) struct Associations {
    known: Vec<Association>,
    warnings: Vec<String>,
}

/// Bytes that were decrypted.
pub(crate) type Plaintext = Vec<u8>;

impl Associations {
    /// The secrets of `-E`, as given.
    pub(crate) fn new(text: Option<&str>) -> Self {
        let mut associations = Associations::default();
        if let Some(text) = text {
            secrets::read(&mut associations, text);
        }
        associations
    }

    /// What was wrong with secrets that could not be read, one sentence each.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Adds a secret; the newest for a scope counts.
    fn add(&mut self, association: Association) {
        self.known.insert(0, association);
    }

    fn find(&self, scope: Scope) -> Option<&Association> {
        self.known.iter().find(|association| association.scope == scope)
    }

    /// Decrypts what follows the header of an ESP packet: `None` where no secret is for it.
    pub(crate) fn decrypt_esp(
        &self,
        spi: u32,
        network: Network,
        body: &[u8],
    ) -> Option<Result<Plaintext, Sealed>> {
        let dst = match network {
            Network::V4 { dst, .. } => IpAddr::from(dst),
            Network::V6 { dst, .. } => IpAddr::from(dst),
            Network::None => return None,
        };
        let association = self.find(Scope::Esp { spi, dst }).or_else(|| self.find(Scope::AnyEsp))?;
        Some(association.open(body))
    }

    /// Decrypts the body of an encrypted IKEv2 payload.
    pub(crate) fn decrypt_ike(
        &self,
        from_initiator: bool,
        initiator: [u8; 8],
        responder: [u8; 8],
        body: &[u8],
    ) -> Option<Plaintext> {
        let association = self.find(Scope::Ike { from_initiator, initiator, responder })?;
        association.open(body).ok()
    }
}

/// Why a body cannot be decrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sealed {
    /// It cannot hold initialisation vector and authentication code.
    TooShort,
    /// It is not a whole number of blocks.
    Uneven,
}

impl Association {
    /// Takes the authentication code off and decrypts what is before it.
    fn open(&self, body: &[u8]) -> Result<Plaintext, Sealed> {
        let sealed_len = body.len().checked_sub(self.auth_len).ok_or(Sealed::TooShort)?;
        self.cipher.decrypt(body.get(..sealed_len).ok_or(Sealed::TooShort)?)
    }
}
