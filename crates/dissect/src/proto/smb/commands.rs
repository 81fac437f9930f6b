//! Commands: their names, and templates of what requests and replies have ([MS-CIFS] section 2.2.4).

/// What prints the body of a command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// The templates of the row, or plain dumps where there are none.
    Templates,
    Negotiation,
    Locking,
    Transaction,
    Transaction2,
    SessionSetup,
}

/// One command. An empty template means none.
pub(super) struct Command {
    pub(super) code: u8,
    pub(super) name: &'static str,
    /// Whether another command may follow in the same message.
    pub(super) chains: bool,
    pub(super) body: Body,
    /// Templates of the words and of the bytes of a request, and of a reply.
    pub(super) request: (&'static str, &'static str),
    pub(super) reply: (&'static str, &'static str),
}

const fn plain(code: u8, name: &'static str, body: Body) -> Command {
    Command { code, name, chains: false, body, request: ("", ""), reply: ("", "") }
}

const fn chained(command: Command) -> Command {
    Command { chains: true, ..command }
}

const fn with(
    code: u8,
    name: &'static str,
    request: (&'static str, &'static str),
    reply: (&'static str, &'static str),
) -> Command {
    Command { code, name, chains: false, body: Body::Templates, request, reply }
}

/// Stands for codes that are in no row.
pub(super) const UNKNOWN: Command = plain(0xff, "SMBunknown", Body::Templates);

pub(super) const COMMANDS: &[Command] = &[
    with(0x00, "SMBmkdir", ("", "Path=[Z]\n"), ("", "")),
    with(0x01, "SMBrmdir", ("", "Path=[Z]\n"), ("", "")),
    with(
        0x02,
        "SMBopen",
        ("Mode=[w]\nAttribute=[A]\n", "Path=[Z]\n"),
        ("Handle=[u]\nOAttrib=[A]\nTime=[T2]Size=[U]\nAccess=[w]\n", ""),
    ),
    with(0x03, "SMBcreate", ("Attrib=[A]\nTime=[T2]", "Path=[Z]\n"), ("Handle=[u]\n", "")),
    with(0x04, "SMBclose", ("Handle=[u]\nTime=[T2]", ""), ("", "")),
    with(0x05, "SMBflush", ("Handle=[u]\n", ""), ("", "")),
    with(0x06, "SMBunlink", ("Attrib=[A]\n", "Path=[Z]\n"), ("", "")),
    with(0x07, "SMBmv", ("Attrib=[A]\n", "OldPath=[Z]\nNewPath=[Z]\n"), ("", "")),
    with(
        0x08,
        "SMBgetatr",
        ("", "Path=[Z]\n"),
        ("Attribute=[A]\nTime=[T2]Size=[U]\nRes=([w,w,w,w,w])\n", ""),
    ),
    with(0x09, "SMBsetatr", ("Attribute=[A]\nTime=[T2]Res=([w,w,w,w,w])\n", "Path=[Z]\n"), ("", "")),
    with(
        0x0a,
        "SMBread",
        ("Handle=[u]\nByteCount=[u]\nOffset=[D]\nCountLeft=[u]\n", ""),
        ("Count=[u]\nRes=([w,w,w,w])\n", ""),
    ),
    with(
        0x0b,
        "SMBwrite",
        ("Handle=[u]\nByteCount=[u]\nOffset=[D]\nCountLeft=[u]\n", ""),
        ("Count=[u]\n", ""),
    ),
    with(0x0c, "SMBlock", ("Handle=[u]\nCount=[U]\nOffset=[D]\n", ""), ("", "")),
    with(0x0d, "SMBunlock", ("Handle=[u]\nCount=[U]\nOffset=[D]\n", ""), ("", "")),
    plain(0x0e, "SMBctemp", Body::Templates),
    with(0x0f, "SMBmknew", ("Attrib=[A]\nTime=[T2]", "Path=[Z]\n"), ("Handle=[u]\n", "")),
    with(0x10, "SMBchkpth", ("", "Path=[Z]\n"), ("", "")),
    plain(0x11, "SMBexit", Body::Templates),
    with(0x12, "SMBlseek", ("Handle=[u]\nMode=[w]\nOffset=[D]\n", "Offset=[D]\n"), ("", "")),
    with(
        0x13,
        "SMBlockread",
        ("Handle=[u]\nByteCount=[u]\nOffset=[D]\nCountLeft=[u]\n", ""),
        ("Count=[u]\nRes=([w,w,w,w])\n", ""),
    ),
    with(
        0x14,
        "SMBwriteunlock",
        ("Handle=[u]\nByteCount=[u]\nOffset=[D]\nCountLeft=[u]\n", ""),
        ("Count=[u]\n", ""),
    ),
    with(
        0x1a,
        "SMBreadbraw",
        ("Handle=[u]\nOffset=[D]\nMaxCount=[u]\nMinCount=[u]\nTimeOut=[D]\nRes=[u]\n", ""),
        ("", ""),
    ),
    with(
        0x1b,
        "SMBreadBmpx",
        ("Handle=[u]\nOffset=[D]\nMaxCount=[u]\nMinCount=[u]\nTimeOut=[D]\nRes=[w]\n", ""),
        ("Offset=[D]\nTotCount=[u]\nRemaining=[u]\nRes=([w,w])\nDataSize=[u]\nDataOff=[u]\n", ""),
    ),
    plain(0x1c, "SMBreadBs", Body::Templates),
    with(
        0x1d,
        "SMBwritebraw",
        (
            "Handle=[u]\nTotalCount=[u]\nRes=[w]\nOffset=[D]\nTimeOut=[D]\nWMode=[w]\nRes2=[W]\n|DataSize=[u]\nDataOff=[u]\n",
            "",
        ),
        ("WriteRawAck", ""),
    ),
    with(
        0x1e,
        "SMBwriteBmpx",
        (
            "Handle=[u]\nTotCount=[u]\nRes=[w]\nOffset=[D]\nTimeOut=[D]\nWMode=[w]\nRes2=[W]\nDataSize=[u]\nDataOff=[u]\n",
            "",
        ),
        ("Remaining=[u]\n", ""),
    ),
    with(
        0x1f,
        "SMBwriteBs",
        ("Handle=[u]\nTotCount=[u]\nOffset=[D]\nRes=[W]\nDataSize=[u]\nDataOff=[u]\n", ""),
        ("Count=[u]\n", ""),
    ),
    with(0x20, "SMBwritec", ("", ""), ("Count=[u]\n", "")),
    with(0x22, "SMBsetattrE", ("Handle=[u]\nCreationTime=[T2]AccessTime=[T2]ModifyTime=[T2]", ""), ("", "")),
    with(
        0x23,
        "SMBgetattrE",
        ("Handle=[u]\n", ""),
        ("CreationTime=[T2]AccessTime=[T2]ModifyTime=[T2]Size=[U]\nAllocSize=[U]\nAttribute=[A]\n", ""),
    ),
    chained(plain(0x24, "SMBlockingX", Body::Locking)),
    plain(0x25, "SMBtrans", Body::Transaction),
    plain(0x26, "SMBtranss", Body::Templates),
    plain(0x27, "SMBioctl", Body::Templates),
    plain(0x28, "SMBioctls", Body::Templates),
    with(
        0x29,
        "SMBcopy",
        ("TreeID2=[u]\nOFun=[w]\nFlags=[w]\n", "Path=[S]\nNewPath=[S]\n"),
        ("CopyCount=[u]\n", "|ErrStr=[S]\n"),
    ),
    with(
        0x2a,
        "SMBmove",
        ("TreeID2=[u]\nOFun=[w]\nFlags=[w]\n", "Path=[S]\nNewPath=[S]\n"),
        ("MoveCount=[u]\n", "|ErrStr=[S]\n"),
    ),
    with(0x2b, "SMBecho", ("ReverbCount=[u]\n", ""), ("SequenceNum=[u]\n", "")),
    with(
        0x2c,
        "SMBwriteclose",
        ("Handle=[u]\nCount=[u]\nOffset=[D]\nTime=[T2]Res=([w,w,w,w,w,w])", ""),
        ("Count=[u]\n", ""),
    ),
    chained(with(
        0x2d,
        "SMBopenX",
        (
            "Com2=[w]\nOff2=[u]\nFlags=[w]\nMode=[w]\nSearchAttrib=[A]\nAttrib=[A]\nTime=[T2]OFun=[w]\nSize=[U]\nTimeOut=[D]\nRes=[W]\n",
            "Path=[S]\n",
        ),
        (
            "Com2=[w]\nOff2=[u]\nHandle=[u]\nAttrib=[A]\nTime=[T2]Size=[U]\nAccess=[w]\nType=[w]\nState=[w]\nAction=[w]\nFileID=[W]\nRes=[w]\n",
            "",
        ),
    )),
    chained(with(
        0x2e,
        "SMBreadX",
        (
            "Com2=[w]\nOff2=[u]\nHandle=[u]\nOffset=[D]\nMaxCount=[u]\nMinCount=[u]\nTimeOut=[D]\nCountLeft=[u]\n",
            "",
        ),
        ("Com2=[w]\nOff2=[u]\nRemaining=[u]\nRes=[W]\nDataSize=[u]\nDataOff=[u]\nRes=([w,w,w,w])\n", ""),
    )),
    chained(with(
        0x2f,
        "SMBwriteX",
        (
            "Com2=[w]\nOff2=[u]\nHandle=[u]\nOffset=[D]\nTimeOut=[D]\nWMode=[w]\nCountLeft=[u]\nRes=[w]\nDataSize=[u]\nDataOff=[u]\n",
            "",
        ),
        ("Com2=[w]\nOff2=[u]\nCount=[u]\nRemaining=[u]\nRes=[W]\n", ""),
    )),
    plain(0x32, "SMBtrans2", Body::Transaction2),
    plain(0x33, "SMBtranss2", Body::Templates),
    with(0x34, "SMBfindclose", ("Handle=[u]\n", ""), ("", "")),
    with(0x35, "SMBfindnclose", ("Handle=[u]\n", ""), ("", "")),
    with(0x70, "SMBtcon", ("", "Path=[Z]\nPassword=[Z]\nDevice=[Z]\n"), ("MaxXmit=[u]\nTreeId=[u]\n", "")),
    plain(0x71, "SMBtdis", Body::Templates),
    plain(0x72, "SMBnegprot", Body::Negotiation),
    chained(plain(0x73, "SMBsesssetupX", Body::SessionSetup)),
    chained(plain(0x74, "SMBulogoffX", Body::Templates)),
    chained(with(
        0x75,
        "SMBtconX",
        ("Com2=[w]\nOff2=[u]\nFlags=[w]\nPassLen=[u]\nPasswd&Path&Device=\n", ""),
        ("Com2=[w]\nOff2=[u]\n", "ServiceType=[R]\n"),
    )),
    with(
        0x80,
        "SMBdskattr",
        ("", ""),
        ("TotalUnits=[u]\nBlocksPerUnit=[u]\nBlockSize=[u]\nFreeUnits=[u]\nMedia=[w]\n", ""),
    ),
    with(
        0x81,
        "SMBsearch",
        (
            "Count=[u]\nAttrib=[A]\n",
            "Path=[Z]\nBlkType=[B]\nBlkLen=[u]\n|Res1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\nRes2=[W]\n",
        ),
        (
            "Count=[u]\n",
            "BlkType=[B]\nBlkLen=[u]\n*\nRes1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\nRes2=[W]\nAttrib=[a]\nTime=[T1]Size=[U]\nName=[s13]\n",
        ),
    ),
    with(
        0x82,
        "SMBffirst",
        (
            "Count=[u]\nAttrib=[A]\n",
            "Path=[Z]\nBlkType=[B]\nBlkLen=[u]\n|Res1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\n",
        ),
        (
            "Count=[u]\n",
            "BlkType=[B]\nBlkLen=[u]\n*\nRes1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\nRes2=[W]\nAttrib=[a]\nTime=[T1]Size=[U]\nName=[s13]\n",
        ),
    ),
    with(
        0x83,
        "SMBfunique",
        (
            "Count=[u]\nAttrib=[A]\n",
            "Path=[Z]\nBlkType=[B]\nBlkLen=[u]\n|Res1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\n",
        ),
        (
            "Count=[u]\n",
            "BlkType=[B]\nBlkLen=[u]\n*\nRes1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\nRes2=[W]\nAttrib=[a]\nTime=[T1]Size=[U]\nName=[s13]\n",
        ),
    ),
    with(
        0x84,
        "SMBfclose",
        (
            "Count=[u]\nAttrib=[A]\n",
            "Path=[Z]\nBlkType=[B]\nBlkLen=[u]\n|Res1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\n",
        ),
        (
            "Count=[u]\n",
            "BlkType=[B]\nBlkLen=[u]\n*\nRes1=[B]\nMask=[s11]\nSrv1=[B]\nDirIndex=[u]\nSrv2=[w]\nRes2=[W]\nAttrib=[a]\nTime=[T1]Size=[U]\nName=[s13]\n",
        ),
    ),
    plain(0xa0, "SMBnttrans", Body::Templates),
    plain(0xa1, "SMBnttranss", Body::Templates),
    chained(with(
        0xa2,
        "SMBntcreateX",
        (
            "Com2=[w]\nOff2=[u]\nRes=[b]\nNameLen=[lu]\nFlags=[W]\nRootDirectoryFid=[U]\nAccessMask=[W]\nAllocationSize=[L]\nExtFileAttributes=[W]\nShareAccess=[W]\nCreateDisposition=[W]\nCreateOptions=[W]\nImpersonationLevel=[W]\nSecurityFlags=[b]\n",
            "Path=[C]\n",
        ),
        (
            "Com2=[w]\nOff2=[u]\nOplockLevel=[b]\nFid=[u]\nCreateAction=[W]\nCreateTime=[T3]LastAccessTime=[T3]LastWriteTime=[T3]ChangeTime=[T3]ExtFileAttributes=[W]\nAllocationSize=[L]\nEndOfFile=[L]\nFileType=[w]\nDeviceState=[w]\nDirectory=[b]\n",
            "",
        ),
    )),
    plain(0xa4, "SMBntcancel", Body::Templates),
    with(0xc0, "SMBsplopen", ("SetupLen=[u]\nMode=[w]\n", "Ident=[Z]\n"), ("Handle=[u]\n", "")),
    with(0xc1, "SMBsplwr", ("Handle=[u]\n", ""), ("", "")),
    with(0xc2, "SMBsplclose", ("Handle=[u]\n", ""), ("", "")),
    with(
        0xc3,
        "SMBsplretq",
        ("MaxCount=[u]\nStartIndex=[u]\n", ""),
        ("Count=[u]\nIndex=[u]\n", "*Time=[T2]Status=[B]\nJobID=[u]\nSize=[U]\nRes=[B]Name=[s16]\n"),
    ),
    with(0xd0, "SMBsends", ("", "Source=[Z]\nDest=[Z]\n"), ("", "")),
    with(0xd1, "SMBsendb", ("", "Source=[Z]\nDest=[Z]\n"), ("", "")),
    plain(0xd2, "SMBfwdname", Body::Templates),
    plain(0xd3, "SMBcancelf", Body::Templates),
    plain(0xd4, "SMBgetmac", Body::Templates),
    with(0xd5, "SMBsendstrt", ("", "Source=[Z]\nDest=[Z]\n"), ("GroupID=[u]\n", "")),
    with(0xd6, "SMBsendend", ("GroupID=[u]\n", ""), ("", "")),
    with(0xd7, "SMBsendtxt", ("GroupID=[u]\n", ""), ("", "")),
    plain(0xfe, "SMBinvalid", Body::Templates),
];

/// A subcommand of the second transaction.
pub(super) struct Subcommand {
    pub(super) code: u16,
    pub(super) name: &'static str,
    /// Templates of parameters and data of a request, and of a reply.
    pub(super) request: (&'static str, &'static str),
    pub(super) reply: (&'static str, &'static str),
}

const fn subcommand(code: u16, name: &'static str) -> Subcommand {
    Subcommand { code, name, request: ("", ""), reply: ("", "") }
}

/// Subcommands; the first stands for codes that are in no row.
pub(super) const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand {
        code: 0,
        name: "TRANSACT2_OPEN",
        request: (
            "Flags2=[w]\nMode=[w]\nSearchAttrib=[A]\nAttrib=[A]\nTime=[T2]\nOFun=[w]\nSize=[U]\nRes=([w, w, w, w, w])\nPath=[S]",
            "",
        ),
        reply: (
            "Handle=[u]\nAttrib=[A]\nTime=[T2]\nSize=[U]\nAccess=[w]\nType=[w]\nState=[w]\nAction=[w]\nInode=[W]\nOffErr=[u]\n|EALength=[u]\n",
            "",
        ),
    },
    subcommand(1, "TRANSACT2_FINDFIRST"),
    subcommand(2, "TRANSACT2_FINDNEXT"),
    subcommand(3, "TRANSACT2_QFSINFO"),
    subcommand(5, "TRANSACT2_QPATHINFO"),
    subcommand(6, "TRANSACT2_SETPATHINFO"),
    subcommand(7, "TRANSACT2_QFILEINFO"),
    subcommand(8, "TRANSACT2_SETFILEINFO"),
    subcommand(9, "TRANSACT2_FSCTL"),
    subcommand(10, "TRANSACT2_IOCTL"),
    subcommand(11, "TRANSACT2_FINDNOTIFYFIRST"),
    subcommand(12, "TRANSACT2_FINDNOTIFYNEXT"),
    subcommand(13, "TRANSACT2_MKDIR"),
];
