import Testing

@testable import SpanStore

@Suite struct WALChainTests {
    private func header(_ number: UInt64, previous: UInt64, validThrough: UInt64) -> WALFileHeader {
        WALFileHeader(
            salt: 1, fileNumber: number, firstLSN: validThrough + 1, previousFileNumber: previous, previousValidThroughLSN: validThrough,
            nodeID: 1, fileByteCount: 1)
    }

    private func chain(_ headers: [WALFileHeader]) -> (links: [UInt64], limits: [UInt64?], unused: [UInt64], missing: [UInt64]) {
        let chain = WALChain(headers: headers)
        return (chain.links.map(\.header.fileNumber), chain.links.map(\.validThroughLSN), chain.unused, chain.missing)
    }

    @Test("files are ordered by who names whom, and each is bounded by its successor")
    func order() {
        let found = chain([header(3, previous: 2, validThrough: 20), header(1, previous: 0, validThrough: 0), header(2, previous: 1, validThrough: 10)])
        #expect(found == ([1, 2, 3], [10, 20, nil], [], []))
    }

    @Test("a predecessor below which nothing is left was recycled")
    func recycled() {
        #expect(chain([header(5, previous: 4, validThrough: 9)]) == ([5], [nil], [], []))
    }

    @Test("a file begun in vain is in nobody's chain")
    func unused() {
        let found = chain([header(1, previous: 0, validThrough: 0), header(2, previous: 1, validThrough: 5), header(3, previous: 1, validThrough: 5)])
        #expect(found == ([1, 3], [5, nil], [2], []))
    }

    @Test("a predecessor that is missing above an older file was lost, and nobody bounds the older one")
    func missing() {
        let found = chain([header(1, previous: 0, validThrough: 0), header(3, previous: 2, validThrough: 20)])
        #expect(found == ([1, 3], [nil, nil], [], [2]))
    }

    @Test("headers that name themselves or later files end the walk")
    func nonsense() {
        #expect(chain([header(2, previous: 2, validThrough: 1), header(1, previous: 9, validThrough: 1)]).links.last == 2)
        #expect(chain([]) == ([], [], [], []))
    }
}
