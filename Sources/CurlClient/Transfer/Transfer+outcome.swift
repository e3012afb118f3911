/// What libcurl's result means to a caller.

import CLibcurl

extension Transfer {
    /// Nil when the transfer succeeded.
    func error(for code: CURLcode) -> CurlError? {
        if let failure { return failure }
        guard code != CURLE_OK else { return nil }
        let peer = plan.peer
        let detail = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return CurlError(.resolve, "the host of \(peer) has no address")
        case CURLE_COULDNT_CONNECT:
            if let refusedAddress { return Self.refusal(peer, refusedAddress) }
            return CurlError(.connect, "no connection to \(peer): \(detail)")
        case CURLE_OPERATION_TIMEDOUT:
            return Self.timeout(clock.isConnecting ? .connect : .total, peer)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return CurlError(.tls, "no trusted TLS with \(peer): \(detail)")
        default: break
        }
        if case .mail = plan.content, let refusal = mailRefusal(code) { return refusal }
        switch code {
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            return CurlError(.connect, "the connection to \(peer) broke: \(detail)")
        case CURLE_URL_MALFORMAT:
            return CurlError(.invalidRequest, "\(peer) cannot be asked: \(detail)")
        default:
            return CurlError(.protocolFault, "\(peer) does not keep to its protocol: \(detail)")
        }
    }

    static func timeout(_ clock: CurlError.Clock, _ peer: String) -> CurlError {
        let what =
            switch clock {
            case .connect: "no connection to \(peer) came about"
            case .firstByte: "\(peer) did not begin to answer"
            case .idle: "\(peer) fell silent within its answer"
            case .total: "the answer of \(peer) was not complete"
            }
        return CurlError(.timeout(clock), "\(what) in time")
    }

    /// The server's own number says more than libcurl's code: 535 for a password, 550 for a mailbox, 552 for a size.
    private func mailRefusal(_ code: CURLcode) -> CurlError? {
        var status = 0
        spandrel_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        if code == CURLE_LOGIN_DENIED { return CurlError(.mailRefused, "\(plan.peer) refused the user name and password") }
        guard status >= 400 else { return nil }
        return CurlError(.mailRefused, "\(plan.peer) refused the mail with \(status)")
    }
}
