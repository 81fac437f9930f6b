//! Headers that the capturing system made up in its own byte order, brought into this machine's.
//!
//! Most headers are the wire's and have the wire's byte order. These few were written as the structures of the
//! machine that captured, so a file from a machine of the other order holds them turned round.

use wirescope_wire::LinkType;

/// Protocol numbers of Linux cooked captures whose next field is in the order of the machine.
const CAN_PROTOCOLS: [[u8; 2]; 2] = [[0x00, 0x0c], [0x00, 0x0d]];
const SLL_LEN: usize = 16;
const SLL_PROTOCOL_AT: usize = 14;
const SLL2_LEN: usize = 20;
const SLL2_PROTOCOL_AT: usize = 0;

/// Linux usbmon: identifier, bus, seconds, then 32-bit fields.
const USB_WIDE_FIELDS_AT: [usize; 2] = [0, 16];
const USB_BUS_AT: usize = 12;
const USB_FIELDS_AT: [usize; 4] = [24, 28, 32, 36];
/// What stands in place of the setup bytes for isochronous transfers.
const USB_ISOCHRONOUS_FIELDS_AT: [usize; 2] = [40, 44];
/// What the longer form of the header adds.
const USB_MMAPPED_FIELDS_AT: [usize; 4] = [48, 52, 56, 60];
const USB_TRANSFER_TYPE_AT: usize = 9;
const USB_ISOCHRONOUS: u8 = 0;
const USB_MMAPPED_LEN: usize = 64;
const USB_DESCRIPTOR_COUNT_AT: usize = 60;
const USB_DESCRIPTOR_LEN: usize = 16;
const USB_DESCRIPTOR_FIELDS_AT: [usize; 3] = [0, 4, 8];

const NFLOG_HEADER_LEN: usize = 4;
const NFLOG_VERSION_AT: usize = 1;
const NFLOG_VERSION: u8 = 0;
/// Length and type of an attribute.
const NFLOG_ATTRIBUTE_HEADER_LEN: usize = 4;

/// Whether packets of this type start with such a header.
pub(crate) fn is_in_machine_order(link: LinkType) -> bool {
    matches!(
        link,
        LinkType::USB_LINUX
            | LinkType::USB_LINUX_MMAPPED
            | LinkType::NFLOG
            | LinkType::LINUX_SLL
            | LinkType::LINUX_SLL2
    )
}

/// Turns the header's fields round, as far as they are captured.
#[cold]
pub(crate) fn turn_round(link: LinkType, data: &mut [u8]) {
    match link {
        LinkType::USB_LINUX => usb(data, false),
        LinkType::USB_LINUX_MMAPPED => usb(data, true),
        LinkType::NFLOG => nflog(data),
        LinkType::LINUX_SLL => can_identifier(data, SLL_PROTOCOL_AT, SLL_LEN),
        LinkType::LINUX_SLL2 => can_identifier(data, SLL2_PROTOCOL_AT, SLL2_LEN),
        _ => {}
    }
}

/// Reverses the field of `N` bytes at `at` if it is whole.
fn reverse<const N: usize>(data: &mut [u8], at: usize) {
    if let Some(field) = data.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<N>) {
        field.reverse();
    }
}

fn can_identifier(data: &mut [u8], protocol_at: usize, header_len: usize) {
    let protocol = data.get(protocol_at..).and_then(<[u8]>::first_chunk::<2>);
    if protocol.is_some_and(|protocol| CAN_PROTOCOLS.contains(protocol)) {
        reverse::<4>(data, header_len);
    }
}

fn usb(data: &mut [u8], mmapped: bool) {
    for at in USB_WIDE_FIELDS_AT {
        reverse::<8>(data, at);
    }
    reverse::<2>(data, USB_BUS_AT);
    for at in USB_FIELDS_AT {
        reverse::<4>(data, at);
    }
    let isochronous = data.get(USB_TRANSFER_TYPE_AT) == Some(&USB_ISOCHRONOUS);
    if isochronous {
        for at in USB_ISOCHRONOUS_FIELDS_AT {
            reverse::<4>(data, at);
        }
    }
    if !mmapped {
        return;
    }
    for at in USB_MMAPPED_FIELDS_AT {
        reverse::<4>(data, at);
    }
    if isochronous {
        let count = data.get(USB_DESCRIPTOR_COUNT_AT..).and_then(<[u8]>::first_chunk).copied();
        let count = count.map_or(0, u32::from_ne_bytes) as usize;
        let descriptors = data.get_mut(USB_MMAPPED_LEN..).unwrap_or_default();
        for descriptor in descriptors.chunks_mut(USB_DESCRIPTOR_LEN).take(count) {
            for at in USB_DESCRIPTOR_FIELDS_AT {
                reverse::<4>(descriptor, at);
            }
        }
    }
}

fn nflog(data: &mut [u8]) {
    if data.get(NFLOG_VERSION_AT) != Some(&NFLOG_VERSION) {
        return;
    }
    let mut rest = data.get_mut(NFLOG_HEADER_LEN..).unwrap_or_default();
    while rest.len() >= NFLOG_ATTRIBUTE_HEADER_LEN {
        reverse::<2>(rest, 0);
        reverse::<2>(rest, 2);
        let length = rest.first_chunk().copied().map_or(0, u16::from_ne_bytes);
        if length == 0 {
            return;
        }
        rest = rest.get_mut(usize::from(length).next_multiple_of(4)..).unwrap_or_default();
    }
}
