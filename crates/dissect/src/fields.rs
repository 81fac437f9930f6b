//! The values that a walk hands on beside its text.

/// One value as read from a packet.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value<'v> {
    /// A number without a sign.
    Unsigned(u64),
    /// A number with a sign.
    Signed(i64),
    /// A flag.
    Bool(bool),
    /// Text made by us, or bytes known to be text.
    Text(&'v str),
    /// Bytes as they stood in the packet.
    Bytes(&'v [u8]),
    /// A link-layer address.
    Mac([u8; 6]),
    /// An IPv4 address.
    Ipv4([u8; 4]),
    /// An IPv6 address.
    Ipv6([u8; 16]),
}

/// A value with its name.
pub type Field<'v> = (&'static str, Value<'v>);

/// Takes the fields of a packet as they are read: protocols nest, values belong to the innermost.
pub trait Fields {
    /// A protocol begins `at` bytes into the packet.
    fn enter(&mut self, proto: &'static str, at: usize);
    /// Values of the innermost protocol. A name may come more than once.
    fn fields(&mut self, fields: &[Field<'_>]);
    /// The innermost protocol ends.
    fn leave(&mut self);
}

macro_rules! value_from {
    ($($type:ty => $variant:ident as $wide:ty),*) => {$(
        impl From<$type> for Value<'_> {
            fn from(value: $type) -> Self {
                Value::$variant(value as $wide)
            }
        }
    )*};
}

value_from! {
    u8 => Unsigned as u64, u16 => Unsigned as u64, u32 => Unsigned as u64, u64 => Unsigned as u64,
    usize => Unsigned as u64, i32 => Signed as i64, i64 => Signed as i64, bool => Bool as bool
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(value: &'v str) -> Self {
        Value::Text(value)
    }
}

impl<'v> From<&'v [u8]> for Value<'v> {
    fn from(value: &'v [u8]) -> Self {
        Value::Bytes(value)
    }
}

impl From<[u8; 6]> for Value<'_> {
    fn from(value: [u8; 6]) -> Self {
        Value::Mac(value)
    }
}

impl From<[u8; 4]> for Value<'_> {
    fn from(value: [u8; 4]) -> Self {
        Value::Ipv4(value)
    }
}

impl From<[u8; 16]> for Value<'_> {
    fn from(value: [u8; 16]) -> Self {
        Value::Ipv6(value)
    }
}
