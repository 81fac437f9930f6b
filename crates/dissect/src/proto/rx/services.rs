//! The services of AFS: what the calls and replies of each procedure hold.

use super::items::Item::{self, *};
use super::procedures as names;
use crate::tokens::Tokens;

/// Procedures with the same items.
type Row = (&'static [u32], &'static [Item]);

/// A service.
pub(super) struct Service {
    /// Its name before calls and replies, and in its mark of truncation.
    pub(super) name: &'static str,
    pub(super) procedures: &'static Tokens,
    calls: &'static [Row],
    replies: &'static [Row],
    /// Whether its database is kept by Ubik, whose calls come to the same port.
    pub(super) has_ubik: bool,
}

impl Service {
    /// What a call of `procedure` holds.
    pub(super) fn call(&self, procedure: u32) -> &'static [Item] {
        items(self.calls, procedure)
    }

    /// What a reply to it holds.
    pub(super) fn reply(&self, procedure: u32) -> &'static [Item] {
        items(self.replies, procedure)
    }
}

fn items(rows: &'static [Row], procedure: u32) -> &'static [Item] {
    rows.iter().find(|row| row.0.contains(&procedure)).map_or(&[], |row| row.1)
}

/// The service behind a port.
pub(super) fn by_port(port: u16) -> Option<&'static Service> {
    match port {
        7000 => Some(&FILE_SERVER),
        7001 => Some(&CALLBACK),
        7002 => Some(&PROTECTION),
        7003 => Some(&LOCATION),
        7004 => Some(&AUTHENTICATION),
        7005 => Some(&VOLUME),
        7007 => Some(&OVERSEER),
        _ => None,
    }
}

/// Longest names that the services take.
const NAME: u32 = 256;
const PROTECTION_NAME: u32 = 64;
const LOCATION_NAME: u32 = 65;
const AUTHENTICATION_NAME: u32 = 64;

const ID: &[Item] = &[Label(" id"), Signed];
const PAIR: &[Item] = &[Label(" uid"), Signed, Label(" gid"), Signed];
const NUMBERS: &[Item] = &[List("", &[Signed])];

static FILE_SERVER: Service = Service {
    name: "fs",
    procedures: names::FILE_SERVER,
    calls: &[
        (&[130], &[Fid, Label(" offset"), Unsigned, Label(" length"), Unsigned]),
        (&[131, 132, 143, 144, 145, 156, 157, 158], &[Fid]),
        (
            &[133],
            &[
                Fid,
                StoreStatus,
                Label(" offset"),
                Unsigned,
                Label(" length"),
                Unsigned,
                Label(" flen"),
                Unsigned,
            ],
        ),
        (&[134], &[Fid, Acl]),
        (&[135], &[Fid, StoreStatus]),
        (&[136, 142], &[Fid, Text(NAME)]),
        (&[137, 141], &[Fid, Text(NAME), StoreStatus]),
        (&[138], &[Label(" old"), Fid, Text(NAME), Label(" new"), Fid, Text(NAME)]),
        (&[139], &[Fid, Text(NAME), Label(" link to"), Text(NAME)]),
        (&[140], &[Fid, Text(NAME), Label(" link to"), Fid]),
        (&[148], &[Text(NAME)]),
        (&[149, 150], &[Label(" volid"), Unsigned]),
        (&[154], &[Label(" volname"), Text(NAME)]),
        (&[155, 65536], &[List(",", &[Fid])]),
        (&[65537], &[Fid, Label(" offset"), Unsigned64, Label(" length"), Unsigned64]),
        (
            &[65538],
            &[
                Fid,
                StoreStatus,
                Label(" offset"),
                Unsigned64,
                Label(" length"),
                Unsigned64,
                Label(" flen"),
                Unsigned64,
            ],
        ),
        (&[65541], &[Label(" addr"), Unsigned]),
    ],
    replies: &[
        (&[131], &[Acl]),
        (&[137, 141], &[Label(" new"), Fid]),
        (&[151], &[Label(" root volume"), Text(NAME)]),
        (&[153], &[Date]),
    ],
    has_ubik: false,
};

static CALLBACK: Service = Service {
    name: "cb",
    procedures: names::CALLBACK,
    calls: &[(&[204], &[Callbacks]), (&[214], &[Label(" afsuuid"), Uuid])],
    replies: &[(&[213], &[Uuid])],
    has_ubik: false,
};

static PROTECTION: Service = Service {
    name: "pt",
    procedures: names::PROTECTION,
    calls: &[
        (&[500], &[Text(PROTECTION_NAME), Label(" id"), Signed, Label(" oldid"), Signed]),
        (&[501, 506, 508, 512, 514, 517, 518, 519, 530], ID),
        (&[502], &[Label(" pos"), Signed]),
        (&[503, 507, 515], PAIR),
        (&[504], &[List("", &[Characters(64)])]),
        (&[505], &[Label(" ids:"), List("", &[Signed])]),
        (&[509], &[Text(PROTECTION_NAME), Label(" flag"), Signed, Label(" oid"), Signed]),
        (&[511], &[Label(" id"), Signed, Label(" gflag"), Signed]),
        (
            &[513],
            &[Label(" id"), Signed, Text(PROTECTION_NAME), Label(" oldid"), Signed, Label(" newid"), Signed],
        ),
        (&[520], &[Label(" id"), Signed, Text(PROTECTION_NAME)]),
    ],
    replies: &[
        (&[504], &[Label(" ids:"), List("", &[Signed])]),
        (&[505], &[List("", &[Characters(64)])]),
        (&[508, 514, 517, 518, 519], NUMBERS),
        (&[510], &[Label(" maxuid"), Signed, Label(" maxgid"), Signed]),
    ],
    has_ubik: true,
};

/// The entries of three generations of the database.
const ENTRY: Item = Entry { has_type: true, room: 8, by_uuid: false };
const ENTRY_N: Item = Entry { has_type: false, room: 13, by_uuid: false };
const ENTRY_U: Item = Entry { has_type: false, room: 13, by_uuid: true };

static LOCATION: Service = Service {
    name: "vldb",
    procedures: names::LOCATION,
    calls: &[
        (&[501, 517], &[Characters(65)]),
        (&[502, 503, 507, 508, 509, 518], &[Label(" volid"), Signed, VolumeType]),
        (&[504, 519, 524, 527], &[Text(LOCATION_NAME)]),
        (&[505], &[Label(" bump"), Signed]),
        (&[506, 520], &[Label(" volid"), Signed, VolumeType, Characters(65)]),
        (&[510, 521], &[Label(" index"), Signed]),
    ],
    replies: &[
        (&[510], &[Label(" count"), Signed, Label(" nextindex"), Signed, ENTRY]),
        (&[503, 504], &[ENTRY]),
        (&[505], &[Label(" newvol"), Unsigned]),
        (&[521, 529], &[Label(" count"), Signed, Label(" nextindex"), Signed, ENTRY_N]),
        (&[518, 519], &[ENTRY_N]),
        (&[526, 527], &[ENTRY_U]),
    ],
    has_ubik: true,
};

/// Name and instance of a principal.
const PRINCIPAL: &[Item] = &[Label(" principal"), Text(AUTHENTICATION_NAME), Text(AUTHENTICATION_NAME)];

static AUTHENTICATION: Service = Service {
    name: "kauth",
    procedures: names::AUTHENTICATION,
    calls: &[
        (&[1, 21, 22, 2, 5, 6, 7, 8, 14, 15], PRINCIPAL),
        (
            &[4],
            &[
                Label(" principal"),
                Text(AUTHENTICATION_NAME),
                Text(AUTHENTICATION_NAME),
                Label(" kvno"),
                Signed,
            ],
        ),
        (
            &[3, 23],
            &[
                Label(" kvno"),
                Signed,
                Label(" domain"),
                Text(AUTHENTICATION_NAME),
                Label(" principal"),
                Text(AUTHENTICATION_NAME),
                Text(AUTHENTICATION_NAME),
            ],
        ),
        (&[12], &[Label(" name"), Text(AUTHENTICATION_NAME)]),
    ],
    replies: &[],
    has_ubik: true,
};

/// A partition, or a transaction's identifier, and a volume.
const PARTITION_AND_VOLUME: &[Item] = &[Label(" partid"), Unsigned, Label(" volid"), Unsigned];
/// What `vos listvol` gets for each volume.
const VOLUME_INFO: &[Item] =
    &[Label(" name"), Characters(32), Label(" volid"), Unsigned, Label(" type"), Hidden(84)];

static VOLUME: Service = Service {
    name: "vol",
    procedures: names::VOLUME,
    calls: &[
        (
            &[100],
            &[
                Label(" partition"),
                Unsigned,
                Label(" name"),
                Text(NAME),
                Label(" type"),
                Unsigned,
                Label(" parent"),
                Unsigned,
            ],
        ),
        (&[101, 104, 107], &[Label(" trans"), Unsigned]),
        (&[102], &[Label(" totrans"), Unsigned, Label(" flags"), Unsigned]),
        (
            &[103],
            &[Label(" fromtrans"), Unsigned, Label(" fromdate"), Date, Server, Label(" desttrans"), Signed],
        ),
        (
            &[105],
            &[
                Label(" trans"),
                Unsigned,
                Label(" purgevol"),
                Unsigned,
                Label(" newtype"),
                Unsigned,
                Label(" newname"),
                Text(NAME),
            ],
        ),
        (&[106], &[Label(" trans"), Unsigned, Label(" flags"), Unsigned]),
        (&[108], &[Label(" vol"), Unsigned, Label(" partition"), Unsigned, Label(" flags"), Unsigned]),
        (&[109], &[Label(" fromtrans"), Unsigned, Label(" fromdate"), Date]),
        (&[110], &[Label(" index"), Unsigned]),
        (&[111], &[Label(" tid"), Unsigned, Label(" newsite"), Unsigned]),
        (&[112, 113], &[Label(" tid")]),
        (
            &[114],
            &[
                Label(" name"),
                Text(NAME),
                Label(" type"),
                Unsigned,
                Label(" pid"),
                Unsigned,
                Label(" cloneid"),
                Unsigned,
            ],
        ),
        (&[116], &[Label(" partition"), Unsigned, Label(" flags"), Unsigned]),
        (
            &[117],
            &[
                Label(" tid"),
                Unsigned,
                Label(" name"),
                Text(NAME),
                Label(" type"),
                Unsigned,
                Label(" pid"),
                Unsigned,
                Label(" clone"),
                Unsigned,
                Label(" backup"),
                Unsigned,
            ],
        ),
        (&[119], &[Label(" name"), Text(NAME)]),
        (&[120, 126], &[Label(" tid"), Unsigned]),
        (&[121, 122, 124, 125, 65536], PARTITION_AND_VOLUME),
        (&[123], &[Label(" tid"), Unsigned, Label(" date"), Date]),
        (&[128], &[Label(" fromtrans"), Unsigned, Label(" fromdate"), Date, List(",", &[Server])]),
        (&[65538], &[Label(" fromtrans"), Unsigned, Label(" fromdate"), Date, Label(" flags"), Unsigned]),
    ],
    replies: &[
        (&[100], &[Label(" volid"), Unsigned, Label(" trans"), Unsigned]),
        (&[104, 107], &[Unsigned]),
        (&[105], &[Label(" newvol"), Unsigned]),
        (&[108], &[Label(" trans"), Unsigned]),
        (&[110], &[Label(" volume"), Unsigned, Label(" partition"), Unsigned]),
        (&[112], &[Text(NAME)]),
        (
            &[113],
            &[
                Label(" volid"),
                Unsigned,
                Label(" nextuniq"),
                Unsigned,
                Label(" type"),
                Unsigned,
                Label(" parentid"),
                Unsigned,
                Label(" clone"),
                Unsigned,
                Label(" backup"),
                Unsigned,
                Label(" restore"),
                Unsigned,
                Label(" maxquota"),
                Unsigned,
                Label(" minquota"),
                Unsigned,
                Label(" owner"),
                Unsigned,
                Label(" create"),
                Date,
                Label(" access"),
                Date,
                Label(" update"),
                Date,
                Label(" expire"),
                Date,
                Label(" backup"),
                Date,
                Label(" copy"),
                Date,
            ],
        ),
        (&[116, 121], &[List(",", VOLUME_INFO)]),
    ],
    has_ubik: false,
};

static OVERSEER: Service = Service {
    name: "bos",
    procedures: names::OVERSEER,
    calls: &[
        (&[80], &[Label(" type"), Text(NAME), Label(" instance"), Text(NAME)]),
        (&[81, 83, 85, 87, 88, 93, 96, 97, 104, 106, 108, 112, 114], &[Text(NAME)]),
        (&[82, 98], &[Text(NAME), Label(" status"), Signed]),
        (&[86], &[Text(NAME), Label(" num"), Signed]),
        (&[84, 89, 90, 91, 92, 95], &[Signed]),
        (&[105], &[Text(NAME), Label(" size"), Signed, Label(" flags"), Signed, Label(" date"), Signed]),
    ],
    replies: &[],
    has_ubik: false,
};

/// A transaction of Ubik and a file of its database.
const TRANSACTION: &[Item] = &[Label(" tid"), Version];

/// Ubik itself.
pub(super) static UBIK: Service = Service {
    name: "ubik",
    procedures: names::UBIK,
    calls: &[
        (
            &[10000],
            &[SyncSite, Label(" votestart"), Date, Label(" dbversion"), Version, Label(" tid"), Version],
        ),
        (&[10003], &[Label(" site"), Unsigned]),
        (&[20000, 20001, 20007, 20008, 20010], TRANSACTION),
        (
            &[20002],
            &[
                Label(" tid"),
                Version,
                Label(" file"),
                Signed,
                Label(" pos"),
                Signed,
                Label(" length"),
                Signed,
                // The type of the lock, which tcpdump reads but does not show.
                HiddenWord,
            ],
        ),
        (&[20003], &[Label(" tid"), Version, Label(" file"), Signed, Label(" pos"), Signed]),
        (&[20005], &[Label(" file"), Signed]),
        (&[20006], &[Label(" file"), Signed, Label(" length"), Signed, Label(" dbversion"), Version]),
        (&[20009], &[Label(" tid"), Version, Label(" file"), Signed, Label(" length"), Signed]),
        (&[20012], &[Label(" tid"), Version, Label(" oldversion"), Version, Label(" newversion"), Version]),
    ],
    replies: &[(&[10000], &[Label(" vote no")]), (&[20004], &[Label(" dbversion"), Version])],
    has_ubik: false,
};
