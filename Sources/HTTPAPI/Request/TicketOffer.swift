/// Where a browser, which can put no header on a WebSocket, shows its ticket: as a subprotocol `ticket.TEXT` beside the one it wants.

import HTTPServer
import HTTPTypes

enum TicketOffer {
    private static let prefix = "ticket."

    /// The first ticket of a request for a WebSocket.
    static func find(in headers: HTTPFields) -> String? {
        guard WebSocketHandshake.isAsked(in: headers) else { return nil }
        return WebSocketHandshake.offeredProtocols(in: headers).first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
