//! What to print: the options that shape the text of a packet.

/// How the time of a packet is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TimeFormat {
    /// Time of day in the local zone.
    #[default]
    TimeOfDay,
    /// Not at all (`-t`).
    None,
    /// Seconds since 1970 (`-tt`).
    Seconds,
    /// Since the packet before (`-ttt`).
    SincePrevious,
    /// Date and time of day in the local zone (`-tttt`).
    Date,
    /// Since the first packet (`-ttttt`).
    SinceFirst,
}

/// How many digits a fraction of a second has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TimePrecision {
    /// Six digits.
    #[default]
    Micro,
    /// Nine digits.
    Nano,
}

/// Which bytes follow the line, and in what form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum HexDump {
    /// None.
    #[default]
    None,
    /// In hex (`-x`), with the link-layer header (`-xx`).
    Hex {
        /** Whether the link-layer header is part of it. */
        link_header: bool,
    },
    /// In hex and ASCII (`-X`), with the link-layer header (`-XX`).
    HexAscii {
        /** Whether the link-layer header is part of it. */
        link_header: bool,
    },
    /// In ASCII alone (`-A`), with the link-layer header (`-AA`).
    Ascii {
        /** Whether the link-layer header is part of it. */
        link_header: bool,
    },
}

/// A protocol that UDP or TCP payload is to be read as, whatever its ports (`-T`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum PortProtocol {
    Aodv,
    Carp,
    Cnfp,
    Domain,
    Lmp,
    Pgm,
    PgmZmtp1,
    Ptp,
    Quic,
    Radius,
    Resp,
    Rpc,
    Rtcp,
    Rtp,
    Snmp,
    Someip,
    Tftp,
    Vat,
    Vxlan,
    Wb,
    Zmtp1,
}

impl PortProtocol {
    /// The protocol that `-T NAME` means.
    pub fn from_name(name: &str) -> Option<PortProtocol> {
        use PortProtocol::*;
        let known = [
            ("vat", Vat),
            ("wb", Wb),
            ("rpc", Rpc),
            ("rtp", Rtp),
            ("rtcp", Rtcp),
            ("snmp", Snmp),
            ("cnfp", Cnfp),
            ("tftp", Tftp),
            ("aodv", Aodv),
            ("carp", Carp),
            ("radius", Radius),
            ("zmtp1", Zmtp1),
            ("vxlan", Vxlan),
            ("pgm", Pgm),
            ("pgm_zmtp1", PgmZmtp1),
            ("lmp", Lmp),
            ("resp", Resp),
            ("ptp", Ptp),
            ("someip", Someip),
            ("domain", Domain),
            ("quic", Quic),
        ];
        known.iter().find(|row| row.0.eq_ignore_ascii_case(name)).map(|row| row.1)
    }
}

/// What to print of each packet. The letters are tcpdump's.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `-n`: addresses and ports as numbers.
    pub numeric: bool,
    /// `-N`: names without their domain.
    pub short_names: bool,
    /// `-v`: how much to tell, 0 to 3 and more.
    pub verbose: u8,
    /// `-q`: less protocol information.
    pub quiet: bool,
    /// `-e`: the link-level header too.
    pub link_header: bool,
    /// `-S`: absolute TCP sequence numbers.
    pub absolute_sequence: bool,
    /// `-b`: autonomous systems in dotted form.
    pub dotted_as: bool,
    /// `-u`: NFS handles not decoded.
    pub undecoded_nfs: bool,
    /// `-K`: checksums not verified.
    pub no_checksums: bool,
    /// `-H`: 802.11s drafts recognised.
    pub mesh: bool,
    /// `-g`, `--ip-oneline`: the IP header and what follows on one line.
    pub ip_oneline: bool,
    /// `--lengths`: captured and original length before each packet.
    pub lengths: bool,
    /// `-#`: packet numbers.
    pub number: bool,
    /// `-t`: the form of the time.
    pub time: TimeFormat,
    /// `--nano`, `--micro`.
    pub precision: TimePrecision,
    /// `-x`, `-X`, `-A`.
    pub hex: HexDump,
    /// `-T`: what to take UDP and TCP payload for.
    pub port_protocol: Option<PortProtocol>,
    /// `-E`: secrets to decrypt IPsec with, as given.
    pub esp_secrets: Option<String>,
    /// `-M`: the secret shared for TCP-MD5 signatures.
    pub tcp_md5_secret: Option<String>,
}

impl Options {
    /// Whether a payload that no printer knows is dumped in hex: not when the packet will be anyway, nor
    /// where little is to be told.
    pub(crate) fn dumps_unknown(&self) -> bool {
        self.hex == HexDump::None && !self.quiet
    }
}
