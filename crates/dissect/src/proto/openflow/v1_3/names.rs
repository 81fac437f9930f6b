//! Names of the values of OpenFlow 1.3 (OpenFlow Switch Specification 1.3.5).

use crate::tokens::Tokens;

/// Capabilities of a switch, as bits.
pub(super) const CAPABILITIES: &Tokens = &[
    (0x1, "FLOW_STATS"),
    (0x2, "TABLE_STATS"),
    (0x4, "PORT_STATS"),
    (0x8, "GROUP_STATS"),
    (0x20, "IP_REASM"),
    (0x40, "QUEUE_STATS"),
    (0x100, "PORT_BLOCKED"),
];

/// What a switch does with fragments.
pub(super) const FRAGMENTS: &Tokens = &[(0, "FRAG_NORMAL"), (1, "FRAG_DROP"), (2, "FRAG_REASM")];

/// Tables that stand for others.
pub(super) const TABLES: &Tokens = &[(254, "MAX"), (255, "ALL")];

/// Lengths of what is sent to the controller.
pub(super) const MISS_LENGTHS: &Tokens = &[(0xffe5, "MAX"), (0xffff, "NO_BUFFER")];

/// Configuration of a port, as bits.
pub(super) const PORT_CONFIG: &Tokens =
    &[(0x1, "PORT_DOWN"), (0x4, "NO_RECV"), (0x20, "NO_FWD"), (0x40, "NO_PACKET_IN")];

/// State of a port, as bits.
pub(super) const PORT_STATE: &Tokens = &[(0x1, "LINK_DOWN"), (0x2, "BLOCKED"), (0x4, "LIVE")];

/// Features of a port, as bits.
pub(super) const PORT_FEATURES: &Tokens = &[
    (0x1, "10MB_HD"),
    (0x2, "10MB_FD"),
    (0x4, "100MB_HD"),
    (0x8, "100MB_FD"),
    (0x10, "1GB_HD"),
    (0x20, "1GB_FD"),
    (0x40, "10GB_FD"),
    (0x80, "40GB_FD"),
    (0x100, "100GB_FD"),
    (0x200, "1TB_FD"),
    (0x400, "OTHER"),
    (0x800, "COPPER"),
    (0x1000, "FIBER"),
    (0x2000, "AUTONEG"),
    (0x4000, "PAUSE"),
    (0x8000, "PAUSE_ASYM"),
];

/// Elements of the first message.
pub(super) const HELLO_ELEMENTS: &Tokens = &[(1, "VERSIONBITMAP")];

/// Ports that stand for others.
pub(super) const PORTS: &Tokens = &[
    (0xffffff00, "MAX"),
    (0xfffffff8, "IN_PORT"),
    (0xfffffff9, "TABLE"),
    (0xfffffffa, "NORMAL"),
    (0xfffffffb, "FLOOD"),
    (0xfffffffc, "ALL"),
    (0xfffffffd, "CONTROLLER"),
    (0xfffffffe, "LOCAL"),
    (0xffffffff, "ANY"),
];

/// Roles of a controller.
pub(super) const ROLES: &Tokens = &[(0, "NOCHANGE"), (1, "EQUAL"), (2, "MASTER"), (3, "SLAVE")];

/// Versions, as bits.
pub(super) const VERSIONS: &Tokens =
    &[(0x1, "1.0"), (0x2, "1.1"), (0x4, "1.2"), (0x8, "1.3"), (0x10, "1.4"), (0x20, "1.5")];

/// Why packets come to the controller, as bits.
pub(super) const PACKET_IN_REASONS: &Tokens = &[(0x1, "NO_MATCH"), (0x2, "ACTION"), (0x4, "INVALID_TTL")];

/// What happened to a port.
pub(super) const PORT_REASONS: &Tokens = &[(0, "ADD"), (1, "DELETE"), (2, "MODIFY")];

/// What happened to ports, as bits.
pub(super) const PORT_REASON_BITS: &Tokens = &[(0x1, "ADD"), (0x2, "DELETE"), (0x4, "MODIFY")];

/// Kinds of errors.
pub(super) const ERRORS: &Tokens = &[
    (0, "HELLO_FAILED"),
    (1, "BAD_REQUEST"),
    (2, "BAD_ACTION"),
    (3, "BAD_INSTRUCTION"),
    (4, "BAD_MATCH"),
    (5, "FLOW_MOD_FAILED"),
    (6, "GROUP_MOD_FAILED"),
    (7, "PORT_MOD_FAILED"),
    (8, "TABLE_MOD_FAILED"),
    (9, "QUEUE_OP_FAILED"),
    (10, "SWITCH_CONFIG_FAILED"),
    (11, "ROLE_REQUEST_FAILED"),
    (12, "METER_MOD_FAILED"),
    (13, "TABLE_FEATURES_FAILED"),
    (65535, "EXPERIMENTER"),
];

/// Errors of the first message.
pub(super) const HELLO_FAILED: &Tokens = &[(0, "INCOMPATIBLE"), (1, "EPERM")];

/// Errors of requests.
pub(super) const BAD_REQUEST: &Tokens = &[
    (0, "BAD_VERSION"),
    (1, "BAD_TYPE"),
    (2, "BAD_MULTIPART"),
    (3, "BAD_EXPERIMENTER"),
    (4, "BAD_EXP_TYPE"),
    (5, "EPERM"),
    (6, "BAD_LEN"),
    (7, "BUFFER_EMPTY"),
    (8, "BUFFER_UNKNOWN"),
    (9, "BAD_TABLE_ID"),
    (10, "IS_SLAVE"),
    (11, "BAD_PORT"),
    (12, "BAD_PACKET"),
    (13, "MULTIPART_BUFFER_OVERFLOW"),
];

/// Errors of actions.
pub(super) const BAD_ACTION: &Tokens = &[
    (0, "BAD_TYPE"),
    (1, "BAD_LEN"),
    (2, "BAD_EXPERIMENTER"),
    (3, "BAD_EXP_TYPE"),
    (4, "BAD_OUT_PORT"),
    (5, "BAD_ARGUMENT"),
    (6, "EPERM"),
    (7, "TOO_MANY"),
    (8, "BAD_QUEUE"),
    (9, "BAD_OUT_GROUP"),
    (10, "MATCH_INCONSISTENT"),
    (11, "UNSUPPORTED_ORDER"),
    (12, "BAD_TAG"),
    (13, "BAD_SET_TYPE"),
    (14, "BAD_SET_LEN"),
    (15, "BAD_SET_ARGUMENT"),
];

/// Errors of instructions.
pub(super) const BAD_INSTRUCTION: &Tokens = &[
    (0, "UNKNOWN_INST"),
    (1, "UNSUP_INST"),
    (2, "BAD_TABLE_ID"),
    (3, "UNSUP_METADATA"),
    (4, "UNSUP_METADATA_MASK"),
    (5, "BAD_EXPERIMENTER"),
    (6, "BAD_EXP_TYPE"),
    (7, "BAD_LEN"),
    (8, "EPERM"),
];

/// Errors of matches.
pub(super) const BAD_MATCH: &Tokens = &[
    (0, "BAD_TYPE"),
    (1, "BAD_LEN"),
    (2, "BAD_TAG"),
    (3, "BAD_DL_ADDR_MASK"),
    (4, "BAD_NW_ADDR_MASK"),
    (5, "BAD_WILDCARDS"),
    (6, "BAD_FIELD"),
    (7, "BAD_VALUE"),
    (8, "BAD_MASK"),
    (9, "BAD_PREREQ"),
    (10, "DUP_FIELD"),
    (11, "EPERM"),
];

/// Errors of changes to flows.
pub(super) const FLOW_MOD_FAILED: &Tokens = &[
    (0, "UNKNOWN"),
    (1, "TABLE_FULL"),
    (2, "BAD_TABLE_ID"),
    (3, "OVERLAP"),
    (4, "EPERM"),
    (5, "BAD_TIMEOUT"),
    (6, "BAD_COMMAND"),
    (7, "BAD_FLAGS"),
];

/// Errors of changes to groups.
pub(super) const GROUP_MOD_FAILED: &Tokens = &[
    (0, "GROUP_EXISTS"),
    (1, "INVALID_GROUP"),
    (2, "WEIGHT_UNSUPPORTED"),
    (3, "OUT_OF_GROUPS"),
    (4, "OUT_OF_BUCKETS"),
    (5, "CHAINING_UNSUPPORTED"),
    (6, "WATCH_UNSUPPORTED"),
    (7, "LOOP"),
    (8, "UNKNOWN_GROUP"),
    (9, "CHAINED_GROUP"),
    (10, "BAD_TYPE"),
    (11, "BAD_COMMAND"),
    (12, "BAD_BUCKET"),
    (13, "BAD_MATCH"),
    (14, "EPERM"),
];

/// Errors of changes to ports.
pub(super) const PORT_MOD_FAILED: &Tokens =
    &[(0, "BAD_PORT"), (1, "BAD_HW_ADDR"), (2, "BAD_CONFIG"), (3, "BAD_ADVERTISE"), (4, "EPERM")];

/// Errors of changes to tables.
pub(super) const TABLE_MOD_FAILED: &Tokens = &[(0, "BAD_TABLE"), (1, "BAD_CONFIG"), (2, "EPERM")];

/// Errors of operations on queues.
pub(super) const QUEUE_OP_FAILED: &Tokens = &[(0, "BAD_PORT"), (1, "BAD_QUEUE"), (2, "EPERM")];

/// Errors of configuration.
pub(super) const SWITCH_CONFIG_FAILED: &Tokens = &[(0, "BAD_FLAGS"), (1, "BAD_LEN"), (2, "EPERM")];

/// Errors of requests for a role.
pub(super) const ROLE_REQUEST_FAILED: &Tokens = &[(0, "STALE"), (1, "UNSUP"), (2, "BAD_ROLE")];

/// Errors of changes to meters.
pub(super) const METER_MOD_FAILED: &Tokens = &[
    (0, "UNKNOWN"),
    (1, "METER_EXISTS"),
    (2, "INVALID_METER"),
    (3, "UNKNOWN_METER"),
    (4, "BAD_COMMAND"),
    (5, "BAD_FLAGS"),
    (6, "BAD_RATE"),
    (7, "BAD_BURST"),
    (8, "BAD_BAND"),
    (9, "BAD_BAND_VALUE"),
    (10, "OUT_OF_METERS"),
    (11, "OUT_OF_BANDS"),
];

/// Errors of features of tables.
pub(super) const TABLE_FEATURES_FAILED: &Tokens = &[
    (0, "BAD_TABLE"),
    (1, "BAD_METADATA"),
    (2, "BAD_TYPE"),
    (3, "BAD_LEN"),
    (4, "BAD_ARGUMENT"),
    (5, "EPERM"),
];
