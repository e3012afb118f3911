/// Frames as a server sends them (RFC 6455, section 5.2): whole messages, not masked, so that one buffer serves every client.

import NIOCore

package enum WebSocketFrames {
    /// A text message. `payload`: UTF-8.
    package static func text(_ payload: [UInt8]) -> ByteBuffer { frame(opcode: 1, payload) }

    static func close(_ payload: [UInt8]) -> ByteBuffer { frame(opcode: 8, payload) }
    static func ping() -> ByteBuffer { frame(opcode: 9, []) }
    static func pong(_ payload: [UInt8]) -> ByteBuffer { frame(opcode: 10, payload) }

    private static func frame(opcode: UInt8, _ payload: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(payload.count + 10)
        buffer.writeInteger(0x80 | opcode)
        switch payload.count {
        case ...125: buffer.writeInteger(UInt8(payload.count))
        case ...0xffff:
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(payload.count))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(payload.count))
        }
        buffer.writeBytes(payload)
        return buffer
    }
}
