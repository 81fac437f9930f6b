//! Names of the numbers in ISAKMP, IKEv1 and IKEv2 messages (IANA).

use super::attributes::Attribute;
use crate::tokens::Tokens;

/// Protocols that a proposal is for.
pub(super) const PROTOCOLS: &Tokens = &[(1, "isakmp"), (2, "ipsec-ah"), (3, "ipsec-esp"), (4, "ipcomp")];

/// Payloads.
pub(super) const PAYLOADS: &Tokens = &[
    (0, "none"),
    (1, "sa"),
    (2, "p"),
    (3, "t"),
    (4, "ke"),
    (5, "id"),
    (6, "cert"),
    (7, "cr"),
    (8, "hash"),
    (9, "sig"),
    (10, "nonce"),
    (11, "n"),
    (12, "d"),
    (13, "vid"),
    (14, "pay14"),
    (15, "pay15"),
    (16, "pay16"),
    (17, "pay17"),
    (18, "pay18"),
    (19, "pay19"),
    (20, "pay20"),
    (21, "pay21"),
    (22, "pay22"),
    (23, "pay23"),
    (24, "pay24"),
    (25, "pay25"),
    (26, "pay26"),
    (27, "pay27"),
    (28, "pay28"),
    (29, "pay29"),
    (30, "pay30"),
    (31, "pay31"),
    (32, "pay32"),
    (33, "v2sa"),
    (34, "v2ke"),
    (35, "v2IDi"),
    (36, "v2IDr"),
    (37, "v2cert"),
    (38, "v2cr"),
    (39, "v2auth"),
    (40, "v2nonce"),
    (41, "v2n"),
    (42, "v2d"),
    (43, "v2vid"),
    (44, "v2TSi"),
    (45, "v2TSr"),
    (46, "v2e"),
    (47, "v2cp"),
    (48, "v2eap"),
];

/// Exchange types.
pub(super) const EXCHANGES: &Tokens = &[
    (0, "none"),
    (1, "base"),
    (2, "ident"),
    (3, "auth"),
    (4, "agg"),
    (5, "inf"),
    (32, "oakley-quick"),
    (33, "oakley-newgroup"),
    (34, "ikev2_init"),
    (35, "ikev2_auth"),
    (36, "child_sa"),
    (37, "inf2"),
];

/// IKEv1 transforms for ISAKMP itself.
pub(super) const IKE_TRANSFORMS: &Tokens = &[(1, "ike")];

/// IKEv2 transform types.
pub(super) const TRANSFORM_TYPES: &Tokens = &[(1, "encr"), (2, "prf"), (3, "integ"), (4, "dh"), (5, "esn")];

/// IKEv1 transforms for AH.
pub(super) const AH_TRANSFORMS: &Tokens = &[
    (1, "(reserved)"),
    (2, "md5"),
    (3, "sha"),
    (4, "1des"),
    (5, "sha2-256"),
    (6, "sha2-384"),
    (7, "sha2-512"),
];

/// IKEv2 pseudo-random functions.
pub(super) const PSEUDO_RANDOM_FUNCTIONS: &Tokens =
    &[(1, "hmac-md5"), (2, "hmac-sha"), (3, "hmac-tiger"), (4, "aes128_xcbc")];

/// IKEv2 integrity algorithms.
pub(super) const INTEGRITY_ALGORITHMS: &Tokens =
    &[(1, "hmac-md5"), (2, "hmac-sha"), (3, "dec-mac"), (4, "kpdk-md5"), (5, "aes-xcbc")];

/// IKEv2 extended sequence numbers.
pub(super) const EXTENDED_SEQUENCE: &Tokens = &[(0, "no-esn"), (1, "esn")];

/// Diffie-Hellman groups.
pub(super) const GROUPS: &Tokens = &[
    (1, "modp768"),
    (2, "modp1024"),
    (3, "EC2N 2^155"),
    (4, "EC2N 2^185"),
    (5, "modp1536"),
    (6, "iana-grp06"),
    (7, "iana-grp07"),
    (8, "iana-grp08"),
    (9, "iana-grp09"),
    (10, "iana-grp10"),
    (11, "iana-grp11"),
    (12, "iana-grp12"),
    (13, "iana-grp13"),
    (14, "modp2048"),
    (15, "modp3072"),
    (16, "modp4096"),
    (17, "modp6144"),
    (18, "modp8192"),
];

/// Encryption algorithms of ESP, and of IKEv2.
pub(super) const ENCRYPTION_ALGORITHMS: &Tokens = &[
    (1, "1des-iv64"),
    (2, "1des"),
    (3, "3des"),
    (4, "rc5"),
    (5, "idea"),
    (6, "cast"),
    (7, "blowfish"),
    (8, "3idea"),
    (9, "1des-iv32"),
    (10, "rc4"),
    (11, "null"),
    (12, "aes"),
];

/// IKEv1 transforms for IPComp.
pub(super) const COMPRESSION_ALGORITHMS: &Tokens = &[(1, "oui"), (2, "deflate"), (3, "lzs")];

/// Identities of the IPsec domain.
pub(super) const IPSEC_IDENTITIES: &Tokens = &[
    (1, "IPv4"),
    (2, "FQDN"),
    (3, "user FQDN"),
    (4, "IPv4net"),
    (5, "IPv6"),
    (6, "IPv6net"),
    (7, "IPv4range"),
    (8, "IPv6range"),
    (9, "ASN1 DN"),
    (10, "ASN1 GN"),
    (11, "keyid"),
];

/// Certificate encodings.
pub(super) const CERTIFICATES: &Tokens = &[
    (0, "none"),
    (1, "pkcs7"),
    (2, "pgp"),
    (3, "dns"),
    (4, "x509sign"),
    (5, "x509ke"),
    (6, "kerberos"),
    (7, "crl"),
    (8, "arl"),
    (9, "spki"),
    (10, "x509attr"),
];

/// Errors of IKEv1.
pub(super) const ERRORS: &Tokens = &[
    (1, "INVALID-PAYLOAD-TYPE"),
    (2, "DOI-NOT-SUPPORTED"),
    (3, "SITUATION-NOT-SUPPORTED"),
    (4, "INVALID-COOKIE"),
    (5, "INVALID-MAJOR-VERSION"),
    (6, "INVALID-MINOR-VERSION"),
    (7, "INVALID-EXCHANGE-TYPE"),
    (8, "INVALID-FLAGS"),
    (9, "INVALID-MESSAGE-ID"),
    (10, "INVALID-PROTOCOL-ID"),
    (11, "INVALID-SPI"),
    (12, "INVALID-TRANSFORM-ID"),
    (13, "ATTRIBUTES-NOT-SUPPORTED"),
    (14, "NO-PROPOSAL-CHOSEN"),
    (15, "BAD-PROPOSAL-SYNTAX"),
    (16, "PAYLOAD-MALFORMED"),
    (17, "INVALID-KEY-INFORMATION"),
    (18, "INVALID-ID-INFORMATION"),
    (19, "INVALID-CERT-ENCODING"),
    (20, "INVALID-CERTIFICATE"),
    (21, "CERT-TYPE-UNSUPPORTED"),
    (22, "INVALID-CERT-AUTHORITY"),
    (23, "INVALID-HASH-INFORMATION"),
    (24, "AUTHENTICATION-FAILED"),
    (25, "INVALID-SIGNATURE"),
    (26, "ADDRESS-NOTIFICATION"),
    (27, "NOTIFY-SA-LIFETIME"),
    (28, "CERTIFICATE-UNAVAILABLE"),
    (29, "UNSUPPORTED-EXCHANGE-TYPE"),
    (30, "UNEQUAL-PAYLOAD-LENGTHS"),
];

/// Errors of the IPsec domain.
pub(super) const IPSEC_ERRORS: &Tokens = &[(0, "RESERVED")];

/// Statuses of IKEv1.
pub(super) const STATUSES: &Tokens = &[(0, "CONNECTED")];

/// Statuses of the IPsec domain.
pub(super) const IPSEC_STATUSES: &Tokens =
    &[(0, "RESPONDER-LIFETIME"), (1, "REPLAY-STATUS"), (2, "INITIAL-CONTACT")];

/// IKEv2 authentication methods.
pub(super) const AUTHENTICATION_METHODS: &Tokens =
    &[(0, "invalid"), (1, "rsasig"), (2, "shared-secret"), (3, "dsssig")];

/// Notifications of IKEv2.
pub(super) const V2_NOTIFICATIONS: &Tokens = &[
    (1, "unsupported_critical_payload"),
    (4, "invalid_ike_spi"),
    (5, "invalid_major_version"),
    (7, "invalid_syntax"),
    (9, "invalid_message_id"),
    (11, "invalid_spi"),
    (14, "no_protocol_chosen"),
    (17, "invalid_ke_payload"),
    (24, "authentication_failed"),
    (34, "single_pair_required"),
    (35, "no_additional_sas"),
    (36, "internal_address_failure"),
    (37, "failed:cp_required"),
    (39, "invalid_selectors"),
    (16384, "initial_contact"),
    (16385, "set_window_size"),
    (16386, "additional_ts_possible"),
    (16387, "ipcomp_supported"),
    (16388, "nat_detection_source_ip"),
    (16389, "nat_detection_destination_ip"),
    (16390, "cookie"),
    (16391, "use_transport_mode"),
    (16392, "http_cert_lookup_supported"),
    (16393, "rekey_sa"),
    (16394, "tfc_padding_not_supported"),
    (16395, "non_first_fragment_also"),
];

/// The groups that attributes name: all but the last.
const ATTRIBUTE_GROUPS: &Tokens = match GROUPS.split_last() {
    Some((_, groups)) => groups,
    None => &[],
};

/// Attributes of IKEv1 transforms for AH, ESP and IPComp (RFC 2407 section 4.5).
pub(super) const IPSEC_ATTRIBUTES: &[Attribute] = &[
    Attribute { number: 1, name: "lifetype", values: &[(1, "sec"), (2, "kb")] },
    Attribute { number: 2, name: "life", values: &[] },
    Attribute { number: 3, name: "group desc", values: ATTRIBUTE_GROUPS },
    Attribute { number: 4, name: "enc mode", values: &[(1, "tunnel"), (2, "transport")] },
    Attribute {
        number: 5,
        name: "auth",
        values: &[(1, "hmac-md5"), (2, "hmac-sha1"), (3, "1des-mac"), (4, "keyed")],
    },
    Attribute { number: 6, name: "keylen", values: &[] },
    Attribute { number: 7, name: "rounds", values: &[] },
    Attribute { number: 8, name: "dictsize", values: &[] },
    Attribute { number: 9, name: "privalg", values: &[] },
];

/// Attributes of IKEv1 transforms for ISAKMP itself (RFC 2409 appendix A).
pub(super) const IKE_ATTRIBUTES: &[Attribute] = &[
    Attribute {
        number: 1,
        name: "enc",
        values: &[
            (1, "1des"),
            (2, "idea"),
            (3, "blowfish"),
            (4, "rc5"),
            (5, "3des"),
            (6, "cast"),
            (7, "aes"),
        ],
    },
    Attribute {
        number: 2,
        name: "hash",
        values: &[(1, "md5"), (2, "sha1"), (3, "tiger"), (4, "sha2-256"), (5, "sha2-384"), (6, "sha2-512")],
    },
    Attribute {
        number: 3,
        name: "auth",
        values: &[(1, "preshared"), (2, "dss"), (3, "rsa sig"), (4, "rsa enc"), (5, "rsa enc revised")],
    },
    Attribute { number: 4, name: "group desc", values: ATTRIBUTE_GROUPS },
    Attribute { number: 5, name: "group type", values: &[(1, "MODP"), (2, "ECP"), (3, "EC2N")] },
    Attribute { number: 6, name: "group prime", values: &[] },
    Attribute { number: 7, name: "group gen1", values: &[] },
    Attribute { number: 8, name: "group gen2", values: &[] },
    Attribute { number: 9, name: "group curve A", values: &[] },
    Attribute { number: 10, name: "group curve B", values: &[] },
    Attribute { number: 11, name: "lifetype", values: &[(1, "sec"), (2, "kb")] },
    Attribute { number: 12, name: "lifeduration", values: &[] },
    Attribute { number: 13, name: "prf", values: &[] },
    Attribute { number: 14, name: "keylen", values: &[] },
    Attribute { number: 15, name: "field", values: &[] },
    Attribute { number: 16, name: "order", values: &[] },
];

/// Attributes of IKEv2 transforms (RFC 7296 section 3.3.5).
pub(super) const V2_ATTRIBUTES: &[Attribute] = &[Attribute { number: 14, name: "keylen", values: &[] }];
