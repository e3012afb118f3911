/// One libcurl easy handle with all that its callbacks touch. Made, used and freed on the loop's thread only.

import CLibcurl
import Glibc
import IPAddresses

final class Transfer {
    let id: Int
    let plan: TransferPlan
    let stream: ResponseStream
    let handle: UnsafeMutableRawPointer
    var clock: TransferClock
    /// Why a callback stopped the transfer; libcurl itself knows only that one did.
    var failure: CurlError?
    /// An address the policy forbade, for the error when no other address was left.
    var refusedAddress: String?

    private let content: UnsafeMutableBufferPointer<UInt8>
    private let contentByteCount: Int
    private var sentByteCount = 0
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var recipientList: UnsafeMutablePointer<curl_slist>?

    private var head = ResponseHead(status: 0, headers: [:])
    private var headByteCount = 0
    private var hasHead = false
    private var bodyByteCount = 0

    /// Nil when libcurl has no memory.
    init?(id: Int, plan: TransferPlan, stream: ResponseStream, now: ContinuousClock.Instant) {
        guard let handle = curl_easy_init() else { return nil }
        self.id = id
        self.plan = plan
        self.stream = stream
        self.handle = handle
        clock = TransferClock(plan.timeouts, totalDeadline: plan.totalDeadline, now: now)
        let bytes =
            switch plan.content {
            case .request(let request): request.body
            case .mail(let mail): mail.text
            }
        content = .allocate(capacity: max(1, bytes.count))
        _ = content.update(fromContentsOf: bytes)
        contentByteCount = bytes.count
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerList)
        curl_slist_free_all(recipientList)
        content.deallocate()
    }

    /// Sets every option. Errors: `invalidRequest` when libcurl does not take one of them.
    func configure() throws(CurlError) {
        var options = TransferOptions(handle)
        options.setShared(plan, context: Unmanaged.passUnretained(self).toOpaque())
        switch plan.content {
        case .request(let request):
            for line in TransferOptions.headerLines(of: request) { headerList = curl_slist_append(headerList, line) }
            options.set(request, headers: headerList, body: content.baseAddress)
        case .mail(let mail):
            for address in mail.recipients { recipientList = curl_slist_append(recipientList, "<\(address)>") }
            options.set(mail, recipients: recipientList, byteCount: contentByteCount)
        }
        try options.check()
    }

    // MARK: What the callbacks do

    /// Whether a socket may be opened to this address.
    func mayConnect(to address: UnsafePointer<sockaddr>) -> Bool {
        guard let address = IPAddress(address) else {
            refusedAddress = "an address of an unknown kind"
            return false
        }
        guard let reason = plan.addressPolicy.refusal(of: address) else { return true }
        refusedAddress = "\(address) (\(reason))"
        return false
    }

    /// Called on every request, on a kept connection as well: one that was opened under a wider policy is of no use here.
    func mayUseConnection(to peer: String) -> Bool {
        clock.connected(at: .now)
        guard let address = IPAddress(peer) else {
            failure = Self.refusal(plan.peer, "an address of an unknown kind")
            return false
        }
        guard let reason = plan.addressPolicy.refusal(of: address) else { return true }
        failure = Self.refusal(plan.peer, "\(address) (\(reason))")
        return false
    }

    static func refusal(_ peer: String, _ address: String) -> CurlError {
        CurlError(.addressRefused, "\(peer) leads to \(address), which is not allowed")
    }

    /// One line of the head; false ends the transfer.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        guard case .request(let request) = plan.content else { return true }
        clock.received(at: .now)
        headByteCount += line.count
        guard headByteCount <= CurlLimits.responseHeaderByteCount else {
            failure = CurlError(.tooLarge, "the response's header fields are over \(CurlLimits.responseHeaderByteCount) bytes")
            return false
        }
        // After the body come trailers, which nobody asked for.
        guard !hasHead else { return true }
        let text = String(decoding: line, as: UTF8.self)
        let end = text.utf8.lastIndex { $0 != 0x0d && $0 != 0x0a }.map { text.utf8.index(after: $0) } ?? text.startIndex
        let content = text[..<end]
        if content.isEmpty {
            endHead(of: request)
            return failure == nil
        }
        if content.hasPrefix("HTTP/") {
            let words = content.split(separator: " ", maxSplits: 2)
            head = ResponseHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0, headers: [:])
        } else if let colon = content.utf8.firstIndex(of: UInt8(ascii: ":")) {
            head.headers.append(String(content[..<colon]), Self.trimmed(content[content.utf8.index(after: colon)...]))
        }
        return true
    }

    private func endHead(of request: CurlRequest) {
        // 100 and 103 announce; the response is still to come.
        guard head.status >= 200 else { return }
        if let maximum = request.maximumBodyByteCount, request.method != "HEAD",
            let length = head.headers["content-length"].flatMap({ Int($0) }), length > maximum
        {
            failure = Self.tooLarge(maximum)
            return
        }
        hasHead = true
        stream.deliver(head)
    }

    enum Acceptance { case taken, paused, refused }

    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Acceptance {
        guard case .request(let request) = plan.content else { return .taken }
        if let maximum = request.maximumBodyByteCount, bodyByteCount + bytes.count > maximum {
            failure = Self.tooLarge(maximum)
            return .refused
        }
        guard stream.offer(bytes) else {
            clock.paused(at: .now)
            return .paused
        }
        bodyByteCount += bytes.count
        clock.received(at: .now)
        return .taken
    }

    /// The next bytes of a mail.
    func giveContent(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, contentByteCount - sentByteCount)
        room.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(content)[sentByteCount..<sentByteCount + count]))
        sentByteCount += count
        return count
    }

    private static func tooLarge(_ maximum: Int) -> CurlError {
        CurlError(.tooLarge, "the response is longer than \(maximum) bytes")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
