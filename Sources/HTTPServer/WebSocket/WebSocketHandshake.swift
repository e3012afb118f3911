/// A request for a WebSocket (RFC 6455, section 4.2) and the answer that grants it. A handler that answers so has the connection from then
/// on: what it writes as the answer's body goes out as it is, in frames it made with `WebSocketFrames`; it ends with `WebSocketClosure`.

import ByteCoding
import Crypto
import HTTPTypes
import Hummingbird

package struct WebSocketHandshake: Sendable {
    private let key: String
    private let selectedProtocol: String?

    /// Whether a request asks for one. Only on connections which can become one: the header is gone from all other requests.
    package static func isAsked(in headers: HTTPFields) -> Bool { headers[.upgrade] != nil }

    /// The subprotocols the client offers, in its order.
    package static func offeredProtocols(in headers: HTTPFields) -> [Substring] { headers.tokens(of: .secWebSocketProtocol) }

    /// Headers that a refusal for the wrong version needs.
    package static let versionHeaders = [(name: "sec-websocket-version", value: "13"), (name: "upgrade", value: "websocket")]

    /// - Parameter name: the one subprotocol spoken here; a client that offers some must offer it.
    /// - Throws: 426 for another version of the protocol, 400 for a missing key or a subprotocol that is not spoken.
    package init(_ headers: HTTPFields, subprotocol name: String) throws(Problem) {
        guard headers[.secWebSocketVersion] == "13" else {
            throw Problem(
                HTTPResponse.Status(code: 426, reasonPhrase: "Upgrade Required"), "this server speaks version 13 of WebSocket (RFC 6455)",
                kind: "upgrade-required")
        }
        guard let key = headers[.secWebSocketKey], Base64.decode(key)?.count == 16 else {
            throw Problem(.badRequest, "sec-websocket-key must be 16 random bytes in base64", kind: "invalid-handshake")
        }
        let offers = Self.offeredProtocols(in: headers)
        guard offers.isEmpty || offers.contains(where: { $0 == name }) else {
            throw Problem(.badRequest, "the subprotocol spoken here is \(name): offer it", kind: "invalid-handshake")
        }
        self.key = key
        selectedProtocol = offers.isEmpty ? nil : name
    }

    /// 101, with a body that writes frames until the WebSocket ends.
    package func response(_ body: ResponseBody) -> Response {
        var headers: HTTPFields = [.upgrade: "websocket", .connection: "Upgrade", .secWebSocketAccept: accept]
        // Never anything but the one name: what else was offered may be a secret.
        if let selectedProtocol { headers[.secWebSocketProtocol] = selectedProtocol }
        return Response(status: .switchingProtocols, headers: headers, body: body)
    }

    /// SHA-1 proves nothing here: the protocol wants it to tell a WebSocket server from one that answers anything.
    var accept: String {
        Base64.text(Array(Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))))
    }
}

extension HTTPFields {
    /// The elements of a list header, without the spaces around them.
    func tokens(of name: HTTPField.Name) -> [Substring] {
        self[values: name].flatMap { value in
            value.split(separator: ",").map { element in
                let isSpace = { (character: Character) in character == " " || character == "\t" }
                var element = element.drop(while: isSpace)
                while let last = element.last, isSpace(last) { element.removeLast() }
                return element
            }
        }
    }
}
