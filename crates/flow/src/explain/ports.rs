//! Ports that intrusions made known.
//!
//! A port proves nothing: programs may use any. It says what to look for first.

use wirescope_wire::ipv4::protocol;

/// A port and what made it known.
#[derive(PartialEq, Eq, Debug)]
pub struct NotablePort {
    /// Number.
    pub port: u16,
    /// TCP, UDP, or 0 for both.
    pub protocol: u8,
    /// Name of the program or service.
    pub name: &'static str,
    /// What it is, and where that is documented.
    pub what: &'static str,
    /// Whether it is a service that is often attacked, not a back door.
    pub is_service: bool,
}

/// What is known of a port; the lowest numbers first.
pub fn notable(protocol: u8, port: u16) -> Option<&'static NotablePort> {
    let from = TABLE.partition_point(|row| row.port < port);
    let rows = TABLE.get(from..)?.iter().take_while(|row| row.port == port);
    rows.into_iter().find(|row| row.protocol == 0 || row.protocol == protocol)
}

const TCP: u8 = protocol::TCP;
const UDP: u8 = protocol::UDP;

const fn trojan(port: u16, protocol: u8, name: &'static str, what: &'static str) -> NotablePort {
    NotablePort { port, protocol, name, what, is_service: false }
}

const fn service(port: u16, protocol: u8, name: &'static str, what: &'static str) -> NotablePort {
    NotablePort { port, protocol, name, what, is_service: true }
}

/// In ascending order of ports.
const TABLE: &[NotablePort] = &[
    service(7, 0, "echo", "loops with chargen when forged (CERT CA-1996-01)"),
    service(19, 0, "chargen", "loops with echo when forged (CERT CA-1996-01)"),
    service(69, UDP, "tftp", "hands out files without asking who it is; worms fetched themselves by it"),
    service(79, TCP, "finger", "tells who is logged in (RFC 1288)"),
    service(111, 0, "portmapper", "tells at which ports RPC programs listen (RFC 1833)"),
    service(135, 0, "msrpc", "Windows' endpoint mapper (CERT CA-2003-20, Blaster)"),
    service(137, UDP, "netbios-ns", "names of Windows hosts (RFC 1002)"),
    service(139, TCP, "netbios-ssn", "Windows file shares (RFC 1002)"),
    service(161, UDP, "snmp", "management, often with the community public (CERT CA-2002-03)"),
    service(445, TCP, "microsoft-ds", "Windows file shares (CVE-2017-0144, WannaCry)"),
    service(515, TCP, "printer", "line printer daemon (CERT CA-2000-22, Ramen)"),
    trojan(555, TCP, "Phase Zero", "back door for Windows (1998)"),
    trojan(1243, TCP, "SubSeven", "back door for Windows, early versions (1999)"),
    service(1433, TCP, "ms-sql", "Microsoft SQL Server (CERT IN-2002-04, Spida)"),
    service(1434, UDP, "ms-sql-m", "SQL Server's resolution (CERT CA-2003-04, Slammer)"),
    trojan(1524, TCP, "ingreslock", "shell left behind by RPC exploits (CERT CA-1999-08 and others)"),
    trojan(2222, TCP, "second shell", "an sshd beside the real one, as rootkits install it"),
    service(2323, TCP, "telnet", "telnet's second port, which Mirai tried (US-CERT TA16-288A)"),
    trojan(3127, TCP, "MyDoom", "back door of the worm (US-CERT TA04-028A)"),
    service(3389, TCP, "ms-wbt-server", "remote desktop (CVE-2019-0708, BlueKeep)"),
    trojan(4444, TCP, "Metasploit, Blaster", "default of payloads, and Blaster's shell (CERT CA-2003-20)"),
    service(5060, UDP, "sip", "telephony; scanned for open registrars (RFC 3261)"),
    service(6667, TCP, "ircd", "IRC, by which bots take orders (RFC 1459)"),
    trojan(6711, TCP, "SubSeven", "back door for Windows (1999)"),
    trojan(6776, TCP, "SubSeven", "back door for Windows (1999)"),
    trojan(9996, TCP, "Sasser", "shell of the worm (2004)"),
    trojan(12345, TCP, "NetBus", "back door for Windows (CERT VN-98.07)"),
    trojan(12346, TCP, "NetBus", "back door for Windows (CERT VN-98.07)"),
    trojan(16660, TCP, "Stacheldraht", "handler of the flooding tool (Dittrich, 1999)"),
    trojan(20034, TCP, "NetBus Pro", "back door for Windows (1999)"),
    trojan(
        27374,
        TCP,
        "SubSeven",
        "back door for Windows, version 2; Ramen's web server too (CERT IN-2001-01)",
    ),
    trojan(27444, UDP, "Trinoo", "daemon of the flooding tool (CERT IN-99-07)"),
    trojan(27665, TCP, "Trinoo", "master of the flooding tool (CERT IN-99-07)"),
    trojan(31335, UDP, "Trinoo", "daemons report to the master here (CERT IN-99-07)"),
    trojan(
        31337,
        0,
        "Back Orifice",
        "back door for Windows (CERT VN-98.07); \"eleet\", which others chose too",
    ),
    trojan(31785, TCP, "Hack'a'Tack", "back door for Windows: control (1999)"),
    trojan(31787, 0, "Hack'a'Tack", "back door for Windows: files (1999)"),
    trojan(31789, UDP, "Hack'a'Tack", "back door for Windows: it answers a datagram of one byte, A (1999)"),
    trojan(31790, UDP, "Hack'a'Tack", "back door for Windows: its clients ask from here (1999)"),
    trojan(31791, UDP, "Hack'a'Tack", "back door for Windows (1999)"),
    service(32771, 0, "RPC of Solaris", "rpcbind answers here too on old Solaris (CVE-1999-0189)"),
    service(32772, 0, "RPC of Solaris", "ports that RPC programs get first: ttdbserverd, cmsd, sadmind"),
    service(32773, 0, "RPC of Solaris", "ports that RPC programs get first: ttdbserverd, cmsd, sadmind"),
    service(32774, 0, "RPC of Solaris", "ports that RPC programs get first: ttdbserverd, cmsd, sadmind"),
    service(32775, 0, "RPC of Solaris", "ports that RPC programs get first: ttdbserverd, cmsd, sadmind"),
    trojan(54320, 0, "Back Orifice 2000", "back door for Windows (CERT VN-99-03)"),
    trojan(54321, 0, "Back Orifice 2000", "back door for Windows (CERT VN-99-03)"),
    trojan(65000, TCP, "Stacheldraht", "agents of the flooding tool (Dittrich, 1999)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_ascend_and_are_found_for_their_protocol() {
        assert!(TABLE.is_sorted_by_key(|row| row.port));
        assert_eq!(notable(UDP, 31_789).map(|row| row.name), Some("Hack'a'Tack"));
        assert_eq!(notable(TCP, 31_789), None);
        assert_eq!(notable(TCP, 111).map(|row| row.is_service), Some(true));
        assert_eq!((notable(TCP, 80), notable(UDP, 65_535)), (None, None));
    }
}
