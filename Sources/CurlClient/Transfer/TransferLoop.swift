/// The one thread of a client: it owns the multi handle and every transfer, and takes its orders from a queue any task may fill.

import CLibcurl
import Glibc
import Synchronization

final class TransferLoop: Sendable {
    private enum Order: Sendable {
        case start(Int, TransferPlan, ResponseStream)
        case cancel(Int)
        case resume(Int)
    }

    private struct Inbox {
        var orders: [Order] = []
        var lastID = 0
        var isStopping = false
        /// The multi handle is gone, or never was.
        var hasEnded = false
    }

    private let inbox: Mutex<Inbox>
    // Safe: used by the loop's thread; others only wake it, within the inbox's lock and never after `hasEnded`.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer?

    /// curl_global_init is thread-safe only when it comes first; a static is initialised once.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(connectionCount: Int, connectionCountPerHost: Int) {
        let multi = Self.isLibraryReady ? curl_multi_init() : nil
        self.multi = multi
        inbox = Mutex(Inbox(hasEnded: multi == nil))
        guard let multi else { return }
        spandrel_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connectionCount)
        spandrel_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connectionCountPerHost)
        guard LoopThread.start({ [self] in run() }) else {
            curl_multi_cleanup(multi)
            inbox.withLock { $0.hasEnded = true }
            return
        }
    }

    // MARK: From any task

    func start(_ plan: TransferPlan, _ stream: ResponseStream) -> Int {
        let (id, isOpen) = inbox.withLock { inbox in
            inbox.lastID += 1
            let isOpen = !inbox.isStopping && !inbox.hasEnded
            if isOpen { post(.start(inbox.lastID, plan, stream), to: &inbox) }
            return (inbox.lastID, isOpen)
        }
        if !isOpen { stream.finish(.failure(CurlError(.cancelled, "the HTTP client is closed"))) }
        return id
    }

    func cancel(_ id: Int) { inbox.withLock { post(.cancel(id), to: &$0) } }

    func resume(_ id: Int) { inbox.withLock { post(.resume(id), to: &$0) } }

    /// Ends every transfer and the thread.
    func stop() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            if !inbox.hasEnded { curl_multi_wakeup(multi) }
        }
    }

    private func post(_ order: Order, to inbox: inout Inbox) {
        guard !inbox.hasEnded else { return }
        inbox.orders.append(order)
        // One wake-up is enough for all orders that are not taken yet.
        if inbox.orders.count == 1 { curl_multi_wakeup(multi) }
    }

    // MARK: On the loop's thread

    private func run() {
        var transfers: [Int: Transfer] = [:]
        while true {
            let (orders, isStopping) = inbox.withLock { inbox in
                defer { inbox.orders = [] }
                return (inbox.orders, inbox.isStopping)
            }
            for order in orders { carryOut(order, &transfers) }
            if isStopping { break }
            var runningCount: Int32 = 0
            curl_multi_perform(multi, &runningCount)
            finishDone(&transfers)
            let wait = finishLate(&transfers)
            curl_multi_poll(multi, nil, 0, wait, nil)
        }
        for transfer in Array(transfers.values) { finish(transfer, .failure(.cancelled), &transfers) }
        let unstarted = inbox.withLock { inbox in
            curl_multi_cleanup(multi)
            inbox.hasEnded = true
            defer { inbox.orders = [] }
            return inbox.orders
        }
        for case .start(_, _, let stream) in unstarted { stream.finish(.failure(.cancelled)) }
    }

    private func carryOut(_ order: Order, _ transfers: inout [Int: Transfer]) {
        switch order {
        case .start(let id, let plan, let stream):
            guard let transfer = Transfer(id: id, plan: plan, stream: stream, now: .now) else {
                stream.finish(.failure(CurlError(.connect, "libcurl has no memory for a transfer")))
                return
            }
            do {
                try transfer.configure()
            } catch {
                stream.finish(.failure(error))
                return
            }
            transfers[id] = transfer
            curl_multi_add_handle(multi, transfer.handle)
        case .cancel(let id):
            if let transfer = transfers[id] { finish(transfer, .failure(.cancelled), &transfers) }
        case .resume(let id):
            guard let transfer = transfers[id] else { return }
            transfer.clock.resumed(at: .now)
            // May call the callbacks at once; what one of them refuses there, libcurl does not report later.
            curl_easy_pause(transfer.handle, CURLPAUSE_CONT)
            if let failure = transfer.failure { finish(transfer, .failure(failure), &transfers) }
        }
    }

    private func finishDone(_ transfers: inout [Int: Transfer]) {
        var leftCount: Int32 = 0
        while let message = curl_multi_info_read(multi, &leftCount) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = transfers.values.first(where: { $0.handle == handle })
            else { continue }
            let error = transfer.error(for: spandrel_curl_result(message))
            finish(transfer, error.map { .failure($0) } ?? .success(()), &transfers)
        }
    }

    /// Ends what took too long. Returns how long the loop may wait, in milliseconds.
    private func finishLate(_ transfers: inout [Int: Transfer]) -> Int32 {
        let now = ContinuousClock.now
        var wait = CurlLimits.pollMilliseconds
        for transfer in Array(transfers.values) {
            guard let deadline = transfer.clock.deadline else { continue }
            guard deadline.instant > now else {
                finish(transfer, .failure(Transfer.timeout(deadline.clock, transfer.plan.peer)), &transfers)
                continue
            }
            // Rounded up, or the loop would spin through the last millisecond.
            wait = min(wait, Int32(clamping: now.duration(to: deadline.instant).wholeMilliseconds + 1))
        }
        return wait
    }

    /// Taking a handle out before its end closes the connection, or resets the HTTP/2 stream.
    private func finish(_ transfer: Transfer, _ end: Result<Void, CurlError>, _ transfers: inout [Int: Transfer]) {
        curl_multi_remove_handle(multi, transfer.handle)
        transfers[transfer.id] = nil
        transfer.stream.finish(end)
    }
}

/// A POSIX thread nobody joins.
private enum LoopThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// False when the system has no thread to give.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, CurlLimits.threadStackByteCount)
        var thread = pthread_t()
        // The thread takes the reference over with takeRetainedValue; when it never starts, it is released here.
        let argument = Unmanaged.passRetained(Body(body))
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            return false
        }
        return true
    }
}
