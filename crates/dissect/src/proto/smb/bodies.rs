//! Commands whose parts depend on each other: negotiation, session setup, locking, and transactions.

use super::commands::{SUBCOMMANDS, Subcommand};
use super::message::{Message, Part};
use super::text;
use crate::Out;
use wirescope_wire::Walk;

impl Message<'_> {
    /// Prints the words by `template`, or dumps them where there is none.
    fn words(&mut self, out: &mut Out, part: Part, template: &str) -> Walk {
        let at = part.words + 1;
        let end = part.bytes.min(self.end);
        if template.is_empty() {
            return text::dump(out, self.structure.start.ahead(at), end.saturating_sub(at));
        }
        self.structure.print(out, at, end, template).map(|_| ())
    }

    /// Prints the bytes by `template`, or dumps them where there is none.
    fn bytes(&mut self, out: &mut Out, part: Part, template: &str) -> Walk {
        let count = self.byte_count(out, part)?;
        if count == 0 {
            return Ok(());
        }
        let at = part.bytes + 2;
        let end = (at + count).min(self.end);
        if template.is_empty() {
            return text::dump(out, self.structure.start.ahead(at), end.saturating_sub(at));
        }
        self.structure.print(out, at, end, template).map(|_| ())
    }
}

/// Which dialect of the protocol is spoken.
pub(super) fn negotiation(out: &mut Out, message: &mut Message<'_>, part: Part) -> Walk {
    let (words, bytes) = match (message.is_request, part.count) {
        (true, _) => ("", "*|Dialect=[Y]\n"),
        (false, 1) => ("Core Protocol\nDialectIndex=[u]", ""),
        (false, 17) => (
            "NT1 Protocol\nDialectIndex=[u]\nSecMode=[B]\nMaxMux=[u]\nNumVcs=[u]\nMaxBuffer=[U]\nRawSize=[U]\nSessionKey=[W]\nCapabilities=[W]\nServerTime=[T3]TimeZone=[d]\nCryptKey=",
            "",
        ),
        (false, 13) => (
            "Lanman1 Protocol\nDialectIndex=[u]\nSecMode=[B]\nMaxBuffer=[u]\nMaxMux=[u]\nNumVcs=[u]\nBlkMode=[B]\nSessionKey=[W]\nServerTime=[T1]TimeZone=[d]\nCryptKey=",
            "",
        ),
        _ => ("", ""),
    };
    message.words(out, part, words)?;
    message.bytes(out, part, bytes)
}

/// Who logs on, and with what.
pub(super) fn session_setup(out: &mut Out, message: &mut Message<'_>, part: Part) -> Walk {
    let (words, bytes) = match (message.is_request, part.count) {
        (true, 10) => (
            "Com2=[w]\nOff2=[u]\nBufSize=[u]\nMpxMax=[u]\nVcNum=[u]\nSessionKey=[W]\nPassLen=[u]\nCryptLen=[u]\nCryptOff=[u]\nPass&Name=\n",
            "",
        ),
        (true, _) => (
            "Com2=[B]\nRes1=[B]\nOff2=[u]\nMaxBuffer=[u]\nMaxMpx=[u]\nVcNumber=[u]\nSessionKey=[W]\nCaseInsensitivePasswordLength=[u]\nCaseSensitivePasswordLength=[u]\nRes=[W]\nCapabilities=[W]\nPass1&Pass2&Account&Domain&OS&LanMan=\n",
            "",
        ),
        (false, 3) => ("Com2=[w]\nOff2=[u]\nAction=[w]\n", ""),
        (false, 13) => (
            "Com2=[B]\nRes=[B]\nOff2=[u]\nAction=[w]\n",
            "NativeOS=[S]\nNativeLanMan=[S]\nPrimaryDomain=[S]\n",
        ),
        (false, _) => ("", ""),
    };
    message.words(out, part, words)?;
    message.bytes(out, part, bytes)
}

/// Ranges of a file that are locked; in large files their places have 64 bits.
pub(super) fn locking(out: &mut Out, message: &mut Message<'_>, part: Part) -> Walk {
    const LARGE_FILES: u8 = 0x10;
    let (words, bytes) = if !message.is_request {
        ("Com2=[w]\nOff2=[u]\n", "")
    } else {
        let large = message.structure.start.peek_u8(part.words + 7)? & LARGE_FILES != 0;
        (
            "Com2=[w]\nOff2=[u]\nHandle=[u]\nLockType=[w]\nTimeOut=[D]\nUnlockCount=[u]\nLockCount=[u]\n",
            if large {
                "*Process=[u]\n[P2]Offset=[M]\nLength=[M]\n"
            } else {
                "*Process=[u]\nOffset=[D]\nLength=[U]\n"
            },
        )
    };
    if part.count > 0 {
        message.words(out, part, words)?;
    }
    message.bytes(out, part, bytes)
}

/// Where parameters and data of a transaction are, by places in the message.
struct Blocks {
    parameters: (usize, usize),
    data: (usize, usize),
}

impl Blocks {
    fn read(message: &Message<'_>, part: Part) -> Walk<Blocks> {
        let first = if message.is_request { 9 } else { 3 };
        let gap = if message.is_request { 2 } else { 3 };
        let word = |number: usize| message.word(part.words + 1 + number * 2).map(usize::from);
        let block = |number: usize| Ok((word(number + 1)?, word(number)?));
        Ok(Blocks { parameters: block(first)?, data: block(first + gap)? })
    }
}

const TRANSACTION_REQUEST: &str = "TotParamCnt=[u]\nTotDataCnt=[u]\nMaxParmCnt=[u]\nMaxDataCnt=[u]\nMaxSCnt=[u]\nTransFlags=[w]\nRes1=[w]\nRes2=[w]\nRes3=[w]\nParamCnt=[u]\nParamOff=[u]\nDataCnt=[u]\nDataOff=[u]\nSUCnt=[u]\n";
const TRANSACTION_REPLY: &str = "TotParamCnt=[u]\nTotDataCnt=[u]\nRes1=[u]\nParamCnt=[u]\nParamOff=[u]\nRes2=[u]\nDataCnt=[u]\nDataOff=[u]\nRes3=[u]\nLsetup=[u]\n";

/// Names of transactions whose contents are known.
const BROWSE: &[u8] = b"\\MAILSLOT\\BROWSE\0";
const LAN_MANAGER: &[u8] = b"\\PIPE\\LANMAN\0";

/// A transaction on a named pipe or a mail slot.
pub(super) fn transaction(out: &mut Out, message: &mut Message<'_>, part: Part) -> Walk {
    let blocks = Blocks::read(message, part)?;
    let (words, bytes) = if message.is_request {
        (TRANSACTION_REQUEST, "|Name=[S]\n")
    } else {
        (TRANSACTION_REPLY, "|Unknown ")
    };
    message.words(out, part, words)?;
    if message.byte_count(out, part)? == 0 {
        return Ok(());
    }
    let (parameters, parameters_len) = blocks.parameters;
    let (data, data_len) = blocks.data;
    let end = message.end;
    let name_at = part.bytes + 2;
    message.structure.print(out, name_at, end.saturating_sub(parameters_len + data_len), bytes)?;
    let name = message.structure.start.ahead(name_at);
    let (Ok(longer), Ok(shorter)) = (name.peek(0, BROWSE.len()), name.peek(0, LAN_MANAGER.len())) else {
        out.truncated();
        return Ok(());
    };
    if longer == BROWSE {
        return browse(out, message, blocks);
    }
    if shorter == LAN_MANAGER {
        if parameters_len > 0 {
            let end = (parameters + parameters_len).min(end);
            message.structure.print(out, parameters, end, "Command=[w]\nStr1=[S]\nStr2=[S]\n")?;
        }
        if data_len > 0 {
            message.structure.print(out, data, (data + data_len).min(end), "|Data ")?;
        }
        return Ok(());
    }
    if parameters_len > 0 {
        message.structure.print(out, parameters, (parameters + parameters_len).min(end), "|Param ")?;
    }
    if data_len > 0 {
        message.structure.print(out, data, (data + data_len).min(end), "|Data ")?;
    }
    Ok(())
}

/// Announcements of the computer browser ([MS-BRWS] section 2.2).
fn browse(out: &mut Out, message: &mut Message<'_>, blocks: Blocks) -> Walk {
    let (parameters, parameters_len) = blocks.parameters;
    let (data, data_len) = blocks.data;
    let command = message.structure.start.peek_u8(data)?;
    message.structure.print(out, parameters, parameters + parameters_len, "BROWSE PACKET\n|Param ")?;
    let template = match command {
        0x1 => {
            "BROWSE PACKET:\nType=[B] (HostAnnouncement)\nUpdateCount=[w]\nRes1=[B]\nAnnounceInterval=[d]\nName=[n2]\nMajorVersion=[B]\nMinorVersion=[B]\nServerType=[W]\nElectionCount=[w]\nBrowserConst=[w]\n"
        }
        0x2 => "BROWSE PACKET:\nType=[B] (AnnouncementRequest)\nFlags=[B]\nReplySystemName=[S]\n",
        0x8 => {
            "BROWSE PACKET:\nType=[B] (ElectionFrame)\nElectionVersion=[B]\nOSSummary=[W]\nUptime=[(W, 2)]\nServerName=[S]\n"
        }
        0x9 => "BROWSE PACKET:\nType=[B] (GetBackupList)\nListCount=[B]\nToken=[W]\n",
        0xa => "BROWSE PACKET:\nType=[B] (BackupListResponse)\nServerCount=[B]\nToken=[W]\n*Name=[S]\n",
        0xb => "BROWSE PACKET:\nType=[B] (BecomeBackupBrowser)\nName=[S]\n",
        0xc => {
            "BROWSE PACKET:\nType=[B] WorkgroupAnnouncement\nUpdateCount=[w]\nRes1=[B]\nAnnounceInterval=[d]\nName=[n2]\nMajorVersion=[B]\nMinorVersion=[B]\nServerType=[W]\nCommentPointer=[W]\nServerName=[S]\n"
        }
        0xd => "BROWSE PACKET:\nType=[B] (MasterAnnouncement)\nMasterName=[S]\n",
        0xe => "BROWSE PACKET:\nType=[B] (ResetBrowser)\nOptions=[B]\n",
        0xf => {
            "BROWSE PACKET:\nType=[B] (LocalMasterAnnouncement)\nUpdateCount=[w]\nRes1=[B]\nAnnounceInterval=[d]\nName=[n2]\nMajorVersion=[B]\nMinorVersion=[B]\nServerType=[W]\nElectionCount=[w]\nBrowserConst=[w]\n"
        }
        _ => "Unknown Browser Frame ",
    };
    message.structure.print(out, data, data + data_len, template).map(|_| ())
}

const SECONDARY: &str = "Trans2Secondary\nTotParamCnt=[u]\nTotDataCnt=[u]\nParamCnt=[u]\nParamOff=[u]\nParamDisp=[u]\nDataCnt=[u]\nDataOff=[u]\nDataDisp=[u]\nHandle=[u]\n";
const TRANSACTION_2_REQUEST: &str = "TotParam=[u]\nTotData=[u]\nMaxParam=[u]\nMaxData=[u]\nMaxSetup=[b][P1]\nFlags=[w]\nTimeOut=[D]\nRes1=[w]\nParamCnt=[u]\nParamOff=[u]\nDataCnt=[u]\nDataOff=[u]\nSetupCnt=[b][P3]\n";
const TRANSACTION_2_REPLY: &str = "TotParam=[u]\nTotData=[u]\nRes1=[w]\nParamCnt=[u]\nParamOff=[u]\nParamDisp[u]\nDataCnt=[u]\nDataOff=[u]\nDataDisp=[u]\nSetupCnt=[b][P1]\n";

/// What replies to the second transaction need of the request before: they do not repeat it.
#[derive(Default)]
pub(crate) struct LastRequest {
    subcommand: u16,
    level: u16,
}

const FIND_FIRST: u16 = 1;
const QUERY_FILE_SYSTEM: u16 = 3;

fn subcommand(code: u16) -> &'static Subcommand {
    const UNKNOWN: Subcommand =
        Subcommand { code: 0, name: "TRANSACT2_OPEN", request: ("", ""), reply: ("", "") };
    SUBCOMMANDS.iter().find(|row| row.code == code).or(SUBCOMMANDS.first()).unwrap_or(&UNKNOWN)
}

/// A transaction of the extended protocol.
pub(super) fn transaction_2(out: &mut Out, message: &mut Message<'_>, part: Part) -> Walk {
    let is_request = message.is_request;
    if is_request {
        out.state.smb_request.subcommand = message.word(part.words + 1 + 14 * 2)?;
    }
    let row = subcommand(out.state.smb_request.subcommand);
    if !is_request && part.count == 0 {
        writeln!(out, "{}\nTrans2Interim", row.name);
        return Ok(());
    }
    let blocks = Blocks::read(message, part)?;
    let (parameters_len, data_len) = (blocks.parameters.1, blocks.data.1);
    writeln!(out, "{} param_length={parameters_len} data_length={data_len}", row.name);
    let at = part.words + 1;
    if is_request && part.count == 8 {
        return message.structure.print(out, at, message.end, SECONDARY).map(|_| ());
    }
    let (words, end) =
        if is_request { (TRANSACTION_2_REQUEST, at + 14 * 2) } else { (TRANSACTION_2_REPLY, at + 10 * 2) };
    message.structure.print(out, at, end, words)?;
    message.byte_count(out, part)?;
    match row.code {
        FIND_FIRST => find_first(out, message, blocks),
        QUERY_FILE_SYSTEM => query_file_system(out, message, blocks),
        _ => {
            let (parameters, data) = if is_request { row.request } else { row.reply };
            let or = |template: &'static str, other| if template.is_empty() { other } else { template };
            message.block(out, blocks.parameters, or(parameters, "Parameters=\n"))?;
            message.block(out, blocks.data, or(data, "Data=\n"))
        }
    }
}

impl Message<'_> {
    fn block(&mut self, out: &mut Out, (at, len): (usize, usize), template: &str) -> Walk {
        self.structure.print(out, at, at + len, template).map(|_| ())
    }

    /// Dumps the data of a transaction, if there is any.
    fn dumped(&self, out: &mut Out, (at, len): (usize, usize)) -> Walk {
        if len == 0 {
            return Ok(());
        }
        out.text("data:\n");
        text::dump(out, self.structure.start.ahead(at), len)
    }
}

fn find_first(out: &mut Out, message: &mut Message<'_>, blocks: Blocks) -> Walk {
    let template = if message.is_request {
        "Attribute=[A]\nSearchCount=[u]\nFlags=[w]\nLevel=[uP4]\nFile=[S]\n"
    } else {
        "Handle=[w]\nCount=[u]\nEOS=[w]\nEoffset=[u]\nLastNameOfs=[w]\n"
    };
    message.block(out, blocks.parameters, template)?;
    message.dumped(out, blocks.data)
}

fn query_file_system(out: &mut Out, message: &mut Message<'_>, blocks: Blocks) -> Walk {
    if message.is_request {
        out.state.smb_request.level = message.word(blocks.parameters.0)?;
        message.block(out, blocks.parameters, "InfoLevel=[u]\n")?;
    } else {
        let template = match out.state.smb_request.level {
            1 => "fsID=[W]\nSectorUnit=[U]\nUnit=[U]\nAvail=[U]\nSectorSize=[u]\n",
            2 => "CreatTime=[T2]VolNameLength=[lb]\nVolumeLabel=[c]\n",
            0x105 => "Capabilities=[W]\nMaxFileLen=[U]\nVolNameLen=[lU]\nVolume=[C]\n",
            _ => "UnknownLevel\n",
        };
        message.block(out, blocks.data, template)?;
    }
    message.dumped(out, blocks.data)
}
