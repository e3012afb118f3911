import Testing

@testable import Access

@Suite struct FairQueueTests {
    private typealias Queue = FairQueue<String, Int>

    private func shares(_ party: String) -> [Queue.Share] { [Queue.Share(party: party, maximumCount: 10)] }

    @Test("lines are served in turn, each in its order")
    func turns() {
        var queue = Queue(maximumCount: 10)
        let added = [(1, "flood"), (2, "flood"), (3, "flood"), (4, "flood"), (10, "a"), (11, "a"), (20, "b")]
        for (number, party) in added { _ = queue.add(number, of: shares(party)) }
        var order: [Int] = []
        while let next = queue.next() { order.append(next) }
        #expect(order == [1, 10, 20, 2, 11, 3, 4])
        #expect(queue.count == 0)
    }

    @Test("each party has its share, whichever line it stands in, and gets it back; all together have the queue")
    func limits() {
        var queue = Queue(maximumCount: 5)
        func add(_ number: Int, _ parties: String...) -> Bool {
            queue.add(number, of: parties.map { Queue.Share(party: $0, maximumCount: 2) })
        }
        #expect(add(1, "network 1", "account"))
        #expect(add(2, "network 2", "account"))
        #expect(!add(3, "network 3", "account"), "the account has two waiting")
        #expect(add(4, "network 1", "other"))
        #expect(!add(5, "network 1", "third"), "the network has two waiting")
        let first = queue.next()
        #expect(first == 1)
        #expect(add(6, "network 3", "account"))
        #expect(add(7, "network 4", "fourth"))
        #expect(add(8, "network 5", "fifth"))
        #expect(!add(9, "network 6", "sixth"), "full")
        #expect(queue.count == 5)
        #expect(!add(10))
    }

    @Test("whoever is signed in waits in a line of their own, everybody else in that of where they come from")
    func lines() {
        let origin = RequestOrigin(address: "2001:db8:1:2:3::4")
        let network = PasswordParty.network("2001:db8:1:2::/64"), account = PasswordParty.account(AttemptCounts.account("u@x"))
        #expect(PasswordWork.anonymous("U@x", origin).parties == [network, account])
        #expect(PasswordWork.user("u@X", origin).parties == [account, network])
        #expect(PasswordWork.anonymous("u@x", RequestOrigin()).parties == [account])
    }
}
