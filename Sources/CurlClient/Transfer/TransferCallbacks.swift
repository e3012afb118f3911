/// The functions libcurl calls during a transfer, always on the loop's thread: each finds its transfer and asks it.

import CLibcurl
import Glibc

enum TransferCallbacks {
    static let openSocket: curl_opensocket_callback = { context, purpose, address in
        guard let context, let address, purpose == CURLSOCKTYPE_IPCXN else { return -1 }
        let transfer = TransferCallbacks.transfer(context)
        let family = address.pointee.family, kind = address.pointee.socktype, number = address.pointee.protocol
        // The field is a sockaddr by name and long enough for any address by libcurl's own union.
        let allowed = withUnsafePointer(to: &address.pointee.addr) { transfer.mayConnect(to: $0) }
        // -1 is CURL_SOCKET_BAD: libcurl goes on to the next address, if there is one.
        return allowed ? socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), number) : -1
    }

    static let prerequest: spandrel_curl_prerequest = { context, peer, _, _, _ in
        guard let context, let peer, transfer(context).mayUseConnection(to: String(cString: peer)) else {
            return CURL_PREREQFUNC_ABORT
        }
        return CURL_PREREQFUNC_OK
    }

    static let header: spandrel_curl_bytes = { bytes, size, count, context in
        guard let context else { return 0 }
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return transfer(context).takeHeader(line) ? line.count : 0
    }

    static let body: spandrel_curl_bytes = { bytes, size, count, context in
        guard let context else { return 0 }
        let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
        switch transfer(context).takeBody(piece) {
        case .taken: return piece.count
        case .paused: return Int(CURL_WRITEFUNC_PAUSE)
        // Any number but that of the bytes ends the transfer; a piece is never empty.
        case .refused: return 0
        }
    }

    static let content: spandrel_curl_bytes = { room, size, count, context in
        guard let context else { return 0 }
        return transfer(context).giveContent(UnsafeMutableRawBufferPointer(start: room, count: size * count))
    }

    private static func transfer(_ context: UnsafeMutableRawPointer) -> Transfer {
        // Not retained: the loop keeps the transfer for as long as its handle is in use.
        Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }
}
