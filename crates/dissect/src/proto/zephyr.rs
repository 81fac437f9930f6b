//! Zephyr, MIT Project Athena's notices (the Zephyr Notification Service, 1988).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const KINDS: &Tokens = &[
    (0, "unsafe"),
    (1, "unacked"),
    (2, "acked"),
    (3, "hm-ack"),
    (4, "hm-ctl"),
    (kind::SERVER_ACK, "serv-ack"),
    (6, "serv-nak"),
    (7, "client-ack"),
    (8, "stat"),
];

mod kind {
    pub(super) const SERVER_ACK: u32 = 5;
}

/// Operations that say who may see a user, as they are written in lower case.
const EXPOSURES: [&[u8]; 6] =
    [b"NONE", b"OPSTAFF", b"REALM-VISIBLE", b"REALM-ANNOUNCED", b"NET-VISIBLE", b"NET-ANNOUNCED"];

/// The fields of a notice that are shown.
struct Notice<'a> {
    kind: u32,
    class: &'a [u8],
    instance: &'a [u8],
    operation: &'a [u8],
    sender: &'a [u8],
    recipient: &'a [u8],
    data: Cursor<'a>,
}

/// Prints a notice: texts with a zero byte behind each.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let version = field(&mut c)?;
    let Some(version) = version.strip_prefix(b"ZEPH") else { return Ok(()) };
    if !version.starts_with(b"0.2") {
        out.text(" zephyr v").escaped(version);
        return Ok(());
    }
    let notice = read(&mut c)?;
    out.field("class", notice.class);
    out.field("sender", notice.sender);
    out.text(" zephyr ");
    out.token(KINDS, notice.kind, format_args!("type {}", notice.kind as i32));
    if notice.kind == kind::SERVER_ACK
        && let Ok(answer) = field(&mut notice.data.clip(notice.data.length()))
    {
        out.text("/").escaped(answer);
    }
    if !notice.sender.is_empty() {
        out.text(" ").escaped(notice.sender);
    }
    if !known(out, &notice) {
        out.text(" to ");
        triple(out, notice.class, notice.instance, notice.recipient);
        if !notice.operation.is_empty() {
            out.text(" op ").escaped(notice.operation);
        }
    }
    Ok(())
}

/// Reads a field up to the zero behind it.
fn field<'a>(c: &mut Cursor<'a>) -> Walk<&'a [u8]> {
    let bytes = c.claimed_bytes();
    let Some(end) = bytes.iter().position(|byte| *byte == 0) else {
        return Err(if c.has(c.length()) { Stop::Invalid } else { Stop::Truncated });
    };
    c.advance(end + 1);
    Ok(bytes.get(..end).unwrap_or_default())
}

fn read<'a>(c: &mut Cursor<'a>) -> Walk<Notice<'a>> {
    let _fields = field(c)?;
    let kind = hex(field(c)?);
    // Unique identifier, port, and three fields of authentication.
    for _ in 0..5 {
        field(c)?;
    }
    let (class, instance, operation) = (field(c)?, field(c)?, field(c)?);
    let (sender, recipient) = (field(c)?, field(c)?);
    // Default format, checksum, and the parts of a notice that was sent in pieces.
    for _ in 0..4 {
        field(c)?;
    }
    Ok(Notice { kind, class, instance, operation, sender, recipient, data: *c })
}

/// A number in hex with or without `0x`; zero where it is none.
fn hex(text: &[u8]) -> u32 {
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    let value = |byte: &u8| char::from(*byte).to_digit(16);
    digits.iter().map_while(value).fold(0, |number, digit| number << 4 | digit)
}

/// Writes what a notice to Zephyr itself asks for; false where it is one between people.
fn known(out: &mut Out, notice: &Notice<'_>) -> bool {
    match (notice.class, notice.instance, notice.operation) {
        (b"USER_LOCATE", _, b"USER_HIDE") => _ = out.text(" hide"),
        (b"USER_LOCATE", _, b"USER_UNHIDE") => _ = out.text(" unhide"),
        (b"USER_LOCATE", instance, _) => _ = out.text(" locate ").escaped(instance),
        (b"ZEPHYR_ADMIN", _, operation) => lower_case(out, " zephyr-admin ", operation),
        (b"ZEPHYR_CTL", b"CLIENT", operation) => client(out, operation, notice.data),
        (b"ZEPHYR_CTL", b"HM", operation) => lower_case(out, " ", operation),
        (b"ZEPHYR_CTL", b"REALM", operation) => {
            out.text(match operation {
                b"ADD_SUBSCRIBE" => " realm add-subs",
                b"REQ_SUBSCRIBE" => " realm req-subs",
                b"RLM_SUBSCRIBE" => " realm rlm-sub",
                b"RLM_UNSUBSCRIBE" => " realm rlm-unsub",
                _ => "",
            });
        }
        (b"HM_CTL", instance, operation) => {
            lower_case(out, " hm_ctl ", instance);
            lower_case(out, " ", operation);
        }
        (b"HM_STAT", b"HMST_CLIENT", b"GIMMESTATS") => _ = out.text(" get-client-stats"),
        (b"LOGIN", _, b"USER_FLUSH") => _ = out.text(" flush_locs"),
        (b"LOGIN", _, operation) if EXPOSURES.contains(&operation) => {
            lower_case(out, " set-exposure ", operation);
        }
        _ => return false,
    }
    true
}

/// What a client asks its server for.
fn client(out: &mut Out, operation: &[u8], data: Cursor<'_>) {
    match operation {
        b"SUBSCRIBE" => subscription(out, " sub", data),
        // tcpdump says so.
        b"SUBSCRIBE_NODEFS" => subscription(out, " unsub-nodefs", data),
        b"UNSUBSCRIBE" => subscription(out, " unsub", data),
        b"GIMME" => _ = out.text(" ret"),
        b"GIMMEDEFS" => _ = out.text(" gimme-defs"),
        b"CLEARSUB" => _ = out.text(" clear-subs"),
        _ => lower_case(out, " ", operation),
    }
}

/// The first subscription of a list.
fn subscription(out: &mut Out, heading: &str, mut data: Cursor<'_>) {
    out.text(heading);
    if let (Ok(class), Ok(instance), Ok(recipient)) = (field(&mut data), field(&mut data), field(&mut data)) {
        out.text(" ");
        triple(out, class, instance, recipient);
    }
}

fn triple(out: &mut Out, class: &[u8], instance: &[u8], recipient: &[u8]) {
    let recipient: &[u8] = if recipient.is_empty() { b"*" } else { recipient };
    out.text("<").escaped(class).text(",").escaped(instance).text(",").escaped(recipient).text(">");
}

fn lower_case(out: &mut Out, heading: &str, text: &[u8]) {
    out.text(heading);
    for byte in text {
        out.escaped_byte(byte.to_ascii_lowercase());
    }
}
