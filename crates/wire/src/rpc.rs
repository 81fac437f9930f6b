//! RPC programs by number (IANA "RPC Program Numbers"), with the names that `rpc(5)` gives them.

/// The name of a program, or a text that says there is none.
pub fn program_name(program: u32) -> &'static str {
    PROGRAMS
        .binary_search_by_key(&program, |row| row.0)
        .ok()
        .and_then(|at| PROGRAMS.get(at))
        .map_or("unknown", |row| row.1)
}

/// All programs with a name, in ascending order.
pub const PROGRAMS: &[(u32, &str)] = &[
    (100_000, "portmapper"),
    (100_001, "rstatd"),
    (100_002, "rusersd"),
    (100_003, "nfs"),
    (100_004, "ypserv"),
    (100_005, "mountd"),
    (100_007, "ypbind"),
    (100_008, "walld"),
    (100_009, "yppasswdd"),
    (100_010, "etherstatd"),
    (100_011, "rquotad"),
    (100_012, "sprayd"),
    (100_013, "3270_mapper"),
    (100_014, "rje_mapper"),
    (100_015, "selection_svc"),
    (100_016, "database_svc"),
    (100_017, "rexd"),
    (100_018, "alis"),
    (100_019, "sched"),
    (100_020, "llockmgr"),
    (100_021, "nlockmgr"),
    (100_022, "x25.inr"),
    (100_023, "statmon"),
    (100_024, "status"),
    (100_026, "bootparam"),
    (100_028, "ypupdated"),
    (100_029, "keyserv"),
    (100_033, "sunlink_mapper"),
    (100_037, "tfsd"),
    (100_038, "nsed"),
    (100_039, "nsemntd"),
    (100_043, "showfhd"),
    (100_055, "ioadmd"),
    (100_062, "NETlicense"),
    (100_065, "sunisamd"),
    (100_066, "debug_svc"),
    (100_068, "cmsd"),
    (100_069, "ypxfrd"),
    (100_071, "bugtraqd"),
    (100_078, "kerbd"),
    (100_083, "ttdbserverd"),
    (100_087, "admind"),
    (100_099, "autofsd"),
    (100_101, "event"),
    (100_102, "logger"),
    (100_104, "sync"),
    (100_107, "hostperf"),
    (100_109, "activity"),
    (100_112, "hostmem"),
    (100_113, "sample"),
    (100_114, "x25"),
    (100_115, "ping"),
    (100_116, "rpcnfs"),
    (100_117, "hostif"),
    (100_118, "etherif"),
    (100_120, "iproutes"),
    (100_121, "layers"),
    (100_122, "snmp"),
    (100_123, "traffic"),
    (100_133, "nsm_addrand"),
    (100_134, "ktkt_warnd"),
    (100_153, "solstice"),
    (100_155, "smserverd"),
    (100_221, "kcms_server"),
    (100_227, "nfs_acl"),
    (100_229, "metad"),
    (100_230, "metamhd"),
    (100_232, "sadmind"),
    (100_233, "ufsd"),
    (100_234, "gssd"),
    (100_235, "cachefsd"),
    (100_249, "snmpXdmid"),
    (100_300, "nisd"),
    (100_301, "nis_cachemgr"),
    (100_302, "nispasswd"),
    (100_303, "nispasswdd"),
    (150_001, "pcnfsd"),
    (300_004, "frameuser"),
    (300_008, "stdfm"),
    (300_019, "amd"),
    (300_029, "rdictd"),
    (300_326, "dr_daemon"),
    (300_433, "bssd"),
    (300_434, "drdd"),
    (300_598, "dmispd"),
    (390_100, "fgd"),
    (391_002, "sgi_fam"),
    (391_029, "espd"),
    (536_870_913, "fypxfrd"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_found() {
        assert!(PROGRAMS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(program_name(100_232), "sadmind");
        assert_eq!(program_name(7), "unknown");
    }
}
