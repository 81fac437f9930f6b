//! Packets for the tests: raw IP, from one client to one server, numbered and timed by their place.

pub(crate) const CLIENT: [u8; 4] = [10, 0, 0, 1];
pub(crate) const SERVER: [u8; 4] = [10, 0, 0, 2];

pub(crate) const SYN: u8 = 0x02;
pub(crate) const ACK: u8 = 0x10;
pub(crate) const FIN: u8 = 0x01;
pub(crate) const RST: u8 = 0x04;

/// An IPv4 packet; `fragment` is the field of flags and offset.
pub(crate) fn ip(src: [u8; 4], dst: [u8; 4], protocol: u8, fragment: u16, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x45, 0];
    packet.extend(((20 + body.len()) as u16).to_be_bytes());
    packet.extend([0, 77]);
    packet.extend(fragment.to_be_bytes());
    packet.extend([64, protocol, 0, 0]);
    packet.extend(src);
    packet.extend(dst);
    packet.extend(body);
    packet
}

pub(crate) fn udp_body(ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(ports.0.to_be_bytes());
    body.extend(ports.1.to_be_bytes());
    body.extend(((8 + payload.len()) as u16).to_be_bytes());
    body.extend([0, 0]);
    body.extend(payload);
    body
}

/// A datagram of the client to a port of the server.
pub(crate) fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    ip(CLIENT, SERVER, 17, 0, &udp_body((4000, port), payload))
}

pub(crate) fn tcp(
    src: [u8; 4],
    dst: [u8; 4],
    ports: (u16, u16),
    seq: u32,
    ack: u32,
    flags: u8,
    payload: &[u8],
) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(ports.0.to_be_bytes());
    body.extend(ports.1.to_be_bytes());
    body.extend(seq.to_be_bytes());
    body.extend(ack.to_be_bytes());
    body.extend([0x50, flags, 0x20, 0, 0, 0, 0, 0]);
    body.extend(payload);
    ip(src, dst, 6, 0, &body)
}

pub(crate) fn icmp(src: [u8; 4], dst: [u8; 4], kind: u8, code: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![kind, code, 0, 0];
    message.extend([0, 7, 0, 1]);
    message.extend(body);
    ip(src, dst, 1, 0, &message)
}

/// One TCP connection that writes its packets down.
pub(crate) struct Connection {
    pub(crate) port: u16,
    client_seq: u32,
    server_seq: u32,
    pub(crate) packets: Vec<Vec<u8>>,
}

impl Connection {
    /// A connection in which nothing has happened.
    pub(crate) fn silent(port: u16) -> Self {
        Connection { port, client_seq: 1000, server_seq: 5000, packets: Vec::new() }
    }

    /// A connection after its handshake.
    pub(crate) fn open(port: u16) -> Self {
        let mut connection = Connection::silent(port);
        connection.client(SYN, b"");
        connection.client_seq += 1;
        connection.server(SYN | ACK, b"");
        connection.server_seq += 1;
        connection.client(ACK, b"");
        connection
    }

    pub(crate) fn client(&mut self, flags: u8, payload: &[u8]) {
        let ack = if flags & ACK != 0 { self.server_seq } else { 0 };
        let packet = tcp(CLIENT, SERVER, (4000, self.port), self.client_seq, ack, flags, payload);
        self.client_seq += payload.len() as u32;
        self.packets.push(packet);
    }

    pub(crate) fn server(&mut self, flags: u8, payload: &[u8]) {
        let packet = tcp(SERVER, CLIENT, (self.port, 4000), self.server_seq, self.client_seq, flags, payload);
        self.server_seq += payload.len() as u32;
        self.packets.push(packet);
    }

    /// The client sends a text in pieces of so many bytes.
    pub(crate) fn sends(mut self, text: &[u8], each: usize) -> Self {
        text.chunks(each).for_each(|piece| self.client(ACK, piece));
        self
    }

    /// The server does.
    pub(crate) fn answers(mut self, text: &[u8], each: usize) -> Self {
        text.chunks(each).for_each(|piece| self.server(ACK, piece));
        self
    }

    /// Both ends close it.
    pub(crate) fn closes(mut self) -> Vec<Vec<u8>> {
        self.client(FIN | ACK, b"");
        self.server(FIN | ACK, b"");
        self.packets
    }
}
