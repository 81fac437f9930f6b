//! Block ciphers in cipher block chaining mode, by the names that secrets give them.

use super::Sealed;
use cbc::Decryptor;
use cbc::cipher::{BlockModeDecrypt, InnerIvInit, KeyInit, block_padding::NoPadding};

/// A cipher and how it is keyed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Algorithm {
    Des,
    TripleDes,
    Cast128,
    Blowfish,
    Aes128,
    Aes192,
    Aes256,
}

impl Algorithm {
    /// The algorithm of a name such as `3des` or `aes256`, without `-cbc` and `-hmac96`.
    pub(super) fn from_name(name: &str) -> Option<Algorithm> {
        use Algorithm::*;
        Some(match name.to_ascii_lowercase().as_str() {
            "des" => Des,
            "3des" | "des3" => TripleDes,
            "cast" | "cast5" => Cast128,
            "blowfish" | "bf" => Blowfish,
            "aes128" => Aes128,
            "aes192" => Aes192,
            "aes256" => Aes256,
            _ => return None,
        })
    }

    /// Bytes of a key.
    fn key_len(self) -> usize {
        match self {
            Algorithm::Des => 8,
            Algorithm::Cast128 | Algorithm::Blowfish | Algorithm::Aes128 => 16,
            Algorithm::TripleDes | Algorithm::Aes192 => 24,
            Algorithm::Aes256 => 32,
        }
    }

    /// Bytes of a block, and so of the initialisation vector.
    fn block_len(self) -> usize {
        match self {
            Algorithm::Aes128 | Algorithm::Aes192 | Algorithm::Aes256 => 16,
            _ => 8,
        }
    }
}

/// An algorithm with its key.
pub(super) struct Cipher {
    algorithm: Algorithm,
    key: Vec<u8>,
}

impl Cipher {
    /// Keys the algorithm. A secret that is too long for the algorithm is cut, one too short is filled with zeros.
    pub(super) fn new(algorithm: Algorithm, secret: &[u8]) -> Self {
        let mut key = secret.to_vec();
        key.resize(algorithm.key_len(), 0);
        Cipher { algorithm, key }
    }

    /// Decrypts what follows the initialisation vector.
    pub(super) fn decrypt(&self, sealed: &[u8]) -> Result<Vec<u8>, Sealed> {
        let (iv, blocks) = sealed.split_at_checked(self.algorithm.block_len()).ok_or(Sealed::TooShort)?;
        let mut text = blocks.to_vec();
        match self.algorithm {
            Algorithm::Des => self.chain::<des::Des>(iv, &mut text),
            Algorithm::TripleDes => self.chain::<des::TdesEde3>(iv, &mut text),
            Algorithm::Cast128 => self.chain::<cast5::Cast5>(iv, &mut text),
            Algorithm::Blowfish => self.chain::<blowfish::Blowfish>(iv, &mut text),
            Algorithm::Aes128 => self.chain::<aes::Aes128>(iv, &mut text),
            Algorithm::Aes192 => self.chain::<aes::Aes192>(iv, &mut text),
            Algorithm::Aes256 => self.chain::<aes::Aes256>(iv, &mut text),
        }
        .ok_or(Sealed::Uneven)?;
        Ok(text)
    }

    /// Decrypts in place; `None` where the text is not a whole number of blocks.
    fn chain<C>(&self, iv: &[u8], text: &mut [u8]) -> Option<()>
    where
        C: KeyInit + cbc::cipher::BlockCipherDecrypt,
    {
        let cipher = C::new_from_slice(&self.key).ok()?;
        let decryptor = Decryptor::<C>::inner_iv_slice_init(cipher, iv).ok()?;
        decryptor.decrypt_padded::<NoPadding>(text).ok().map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_vector_decrypts() {
        // NIST SP 800-38A, F.2.2: the first block of CBC-AES128.
        let key = 0x2b7e1516_28aed2a6_abf71588_09cf4f3cu128.to_be_bytes();
        let iv = 0x00010203_04050607_08090a0b_0c0d0e0fu128.to_be_bytes();
        let sealed = 0x7649abac_8119b246_cee98e9b_12e9197du128.to_be_bytes();
        let text = Cipher::new(Algorithm::Aes128, &key).decrypt(&[iv, sealed].concat());
        assert_eq!(text.as_deref(), Ok(&0x6bc1bee2_2e409f96_e93d7e11_7393172au128.to_be_bytes()[..]));
    }

    #[test]
    fn what_is_no_whole_number_of_blocks_stays_sealed() {
        for name in ["des", "3des", "cast", "blowfish", "aes128", "aes192", "aes256"] {
            let algorithm = Algorithm::from_name(name).unwrap();
            let cipher = Cipher::new(algorithm, b"short");
            let block_len = algorithm.block_len();
            assert_eq!(cipher.decrypt(&vec![7; 3 * block_len]).map(|text| text.len()), Ok(2 * block_len));
            assert_eq!(cipher.decrypt(&vec![7; 3 * block_len - 1]), Err(Sealed::Uneven), "{name}");
            assert_eq!(cipher.decrypt(&[7; 5]), Err(Sealed::TooShort), "{name}");
        }
    }
}
