//! Names of the values of OpenFlow 1.0 (OpenFlow Switch Specification 1.0.0, Big Switch Networks' extensions).

use crate::tokens::Tokens;

/// Configuration of a port, as bits.
pub(super) const PORT_CONFIG: &Tokens = &[
    (0x1, "PORT_DOWN"),
    (0x2, "NO_STP"),
    (0x4, "NO_RECV"),
    (0x8, "NO_RECV_STP"),
    (0x10, "NO_FLOOD"),
    (0x20, "NO_FWD"),
    (0x40, "NO_PACKET_IN"),
];

/// States of the spanning tree.
pub(super) const STP_STATES: &Tokens =
    &[(0x0, "STP_LISTEN"), (0x100, "STP_LEARN"), (0x200, "STP_FORWARD"), (0x300, "STP_BLOCK")];

/// Ports that stand for others.
pub(super) const PORTS: &Tokens = &[
    (0xff00, "MAX"),
    (0xfff8, "IN_PORT"),
    (0xfff9, "TABLE"),
    (0xfffa, "NORMAL"),
    (0xfffb, "FLOOD"),
    (0xfffc, "ALL"),
    (0xfffd, "CONTROLLER"),
    (0xfffe, "LOCAL"),
    (0xffff, "NONE"),
];

/// Features of a port, as bits.
pub(super) const PORT_FEATURES: &Tokens = &[
    (0x1, "10MB_HD"),
    (0x2, "10MB_FD"),
    (0x4, "100MB_HD"),
    (0x8, "100MB_FD"),
    (0x10, "1GB_HD"),
    (0x20, "1GB_FD"),
    (0x40, "10GB_FD"),
    (0x80, "COPPER"),
    (0x100, "FIBER"),
    (0x200, "AUTONEG"),
    (0x400, "PAUSE"),
    (0x800, "PAUSE_ASYM"),
];

/// Properties of queues.
pub(super) const QUEUE_PROPERTIES: &Tokens = &[(0, "NONE"), (1, "MIN_RATE")];

/// Fields that a match leaves open, as bits.
pub(super) const WILDCARDS: &Tokens = &[
    (0x1, "IN_PORT"),
    (0x2, "DL_VLAN"),
    (0x4, "DL_SRC"),
    (0x8, "DL_DST"),
    (0x10, "DL_TYPE"),
    (0x20, "NW_PROTO"),
    (0x40, "TP_SRC"),
    (0x80, "TP_DST"),
    (0x100000, "DL_VLAN_PCP"),
    (0x200000, "NW_TOS"),
];

/// Actions.
pub(super) const ACTIONS: &Tokens = &[
    (0, "OUTPUT"),
    (1, "SET_VLAN_VID"),
    (2, "SET_VLAN_PCP"),
    (3, "STRIP_VLAN"),
    (4, "SET_DL_SRC"),
    (5, "SET_DL_DST"),
    (6, "SET_NW_SRC"),
    (7, "SET_NW_DST"),
    (8, "SET_NW_TOS"),
    (9, "SET_TP_SRC"),
    (10, "SET_TP_DST"),
    (11, "ENQUEUE"),
    (65535, "VENDOR"),
];

/// Actions, as bits.
pub(super) const ACTION_BITS: &Tokens = &[
    (0x1, "OUTPUT"),
    (0x2, "SET_VLAN_VID"),
    (0x4, "SET_VLAN_PCP"),
    (0x8, "STRIP_VLAN"),
    (0x10, "SET_DL_SRC"),
    (0x20, "SET_DL_DST"),
    (0x40, "SET_NW_SRC"),
    (0x80, "SET_NW_DST"),
    (0x100, "SET_NW_TOS"),
    (0x200, "SET_TP_SRC"),
    (0x400, "SET_TP_DST"),
    (0x800, "ENQUEUE"),
];

/// Capabilities of a switch, as bits.
pub(super) const CAPABILITIES: &Tokens = &[
    (0x1, "FLOW_STATS"),
    (0x2, "TABLE_STATS"),
    (0x4, "PORT_STATS"),
    (0x8, "STP"),
    (0x10, "RESERVED"),
    (0x20, "IP_REASM"),
    (0x40, "QUEUE_STATS"),
    (0x80, "ARP_MATCH_IP"),
];

/// What a switch does with fragments.
pub(super) const FRAGMENTS: &Tokens = &[(0, "FRAG_NORMAL"), (1, "FRAG_DROP"), (2, "FRAG_REASM")];

/// What is done to a flow.
pub(super) const FLOW_COMMANDS: &Tokens =
    &[(0, "ADD"), (1, "MODIFY"), (2, "MODIFY_STRICT"), (3, "DELETE"), (4, "DELETE_STRICT")];

/// Buffers that are none.
pub(super) const BUFFERS: &Tokens = &[(0xffffffff, "NONE")];

/// Flags of a flow, as bits.
pub(super) const FLOW_FLAGS: &Tokens = &[(0x1, "SEND_FLOW_REM"), (0x2, "CHECK_OVERLAP"), (0x4, "EMERG")];

/// Kinds of statistics.
pub(super) const STATISTICS: &Tokens =
    &[(0, "DESC"), (1, "FLOW"), (2, "AGGREGATE"), (3, "TABLE"), (4, "PORT"), (5, "QUEUE"), (65535, "VENDOR")];

/// Tables that stand for others.
pub(super) const TABLES: &Tokens = &[(254, "EMERG"), (255, "ALL")];

/// Queues that stand for others.
pub(super) const QUEUES: &Tokens = &[(0xffffffff, "ALL")];

/// Flags of a reply with statistics, as bits.
pub(super) const REPLY_FLAGS: &Tokens = &[(0x1, "MORE")];

/// Why a packet came to the controller.
pub(super) const PACKET_IN_REASONS: &Tokens = &[(0, "NO_MATCH"), (1, "ACTION")];

/// Why a flow was removed.
pub(super) const REMOVED_REASONS: &Tokens = &[(0, "IDLE_TIMEOUT"), (1, "HARD_TIMEOUT"), (2, "DELETE")];

/// What happened to a port.
pub(super) const PORT_REASONS: &Tokens = &[(0, "ADD"), (1, "DELETE"), (2, "MODIFY")];

/// Kinds of errors.
pub(super) const ERRORS: &Tokens = &[
    (0, "HELLO_FAILED"),
    (1, "BAD_REQUEST"),
    (2, "BAD_ACTION"),
    (3, "FLOW_MOD_FAILED"),
    (4, "PORT_MOD_FAILED"),
    (5, "QUEUE_OP_FAILED"),
];

/// Errors of the first message.
pub(super) const HELLO_FAILED: &Tokens = &[(0, "INCOMPATIBLE"), (1, "EPERM")];

/// Errors of requests.
pub(super) const BAD_REQUEST: &Tokens = &[
    (0, "BAD_VERSION"),
    (1, "BAD_TYPE"),
    (2, "BAD_STAT"),
    (3, "BAD_VENDOR"),
    (4, "BAD_SUBTYPE"),
    (5, "EPERM"),
    (6, "BAD_LEN"),
    (7, "BUFFER_EMPTY"),
    (8, "BUFFER_UNKNOWN"),
];

/// Errors of actions.
pub(super) const BAD_ACTION: &Tokens = &[
    (0, "BAD_TYPE"),
    (1, "BAD_LEN"),
    (2, "BAD_VENDOR"),
    (3, "BAD_VENDOR_TYPE"),
    (4, "BAD_OUT_PORT"),
    (5, "BAD_ARGUMENT"),
    (6, "EPERM"),
    (7, "TOO_MANY"),
    (8, "BAD_QUEUE"),
];

/// Errors of changes to flows.
pub(super) const FLOW_MOD_FAILED: &Tokens = &[
    (0, "ALL_TABLES_FULL"),
    (1, "OVERLAP"),
    (2, "EPERM"),
    (3, "BAD_EMERG_TIMEOUT"),
    (4, "BAD_COMMAND"),
    (5, "UNSUPPORTED"),
];

/// Errors of changes to ports.
pub(super) const PORT_MOD_FAILED: &Tokens = &[(0, "BAD_PORT"), (1, "BAD_HW_ADDR")];

/// Errors of operations on queues.
pub(super) const QUEUE_OP_FAILED: &Tokens = &[(0, "BAD_PORT"), (1, "BAD_QUEUE"), (2, "EPERM")];

/// Messages of Big Switch Networks.
pub(super) const BSN_MESSAGES: &Tokens = &[
    (0, "SET_IP_MASK"),
    (1, "GET_IP_MASK_REQUEST"),
    (2, "GET_IP_MASK_REPLY"),
    (3, "SET_MIRRORING"),
    (4, "GET_MIRRORING_REQUEST"),
    (5, "GET_MIRRORING_REPLY"),
    (6, "SHELL_COMMAND"),
    (7, "SHELL_OUTPUT"),
    (8, "SHELL_STATUS"),
    (9, "GET_INTERFACES_REQUEST"),
    (10, "GET_INTERFACES_REPLY"),
    (11, "SET_PKTIN_SUPPRESSION_REQUEST"),
    (12, "SET_L2_TABLE_REQUEST"),
    (13, "GET_L2_TABLE_REQUEST"),
    (14, "GET_L2_TABLE_REPLY"),
    (15, "VIRTUAL_PORT_CREATE_REQUEST"),
    (16, "VIRTUAL_PORT_CREATE_REPLY"),
    (17, "VIRTUAL_PORT_REMOVE_REQUEST"),
    (18, "BW_ENABLE_SET_REQUEST"),
    (19, "BW_ENABLE_GET_REQUEST"),
    (20, "BW_ENABLE_GET_REPLY"),
    (21, "BW_CLEAR_DATA_REQUEST"),
    (22, "BW_CLEAR_DATA_REPLY"),
    (23, "BW_ENABLE_SET_REPLY"),
    (24, "SET_L2_TABLE_REPLY"),
    (25, "SET_PKTIN_SUPPRESSION_REPLY"),
    (26, "VIRTUAL_PORT_REMOVE_REPLY"),
    (27, "HYBRID_GET_REQUEST"),
    (28, "HYBRID_GET_REPLY"),
    (31, "PDU_TX_REQUEST"),
    (32, "PDU_TX_REPLY"),
    (33, "PDU_RX_REQUEST"),
    (34, "PDU_RX_REPLY"),
    (35, "PDU_RX_TIMEOUT"),
];

/// Actions of Big Switch Networks.
pub(super) const BSN_ACTIONS: &Tokens = &[(1, "MIRROR"), (2, "SET_TUNNEL_DST"), (4, "CHECKSUM")];

/// When a packet is mirrored.
pub(super) const BSN_COPY_STAGES: &Tokens = &[(0, "INGRESS"), (1, "EGRESS")];

/// Switches.
pub(super) const BSN_ON_OFF: &Tokens = &[(0, "OFF"), (1, "ON")];
