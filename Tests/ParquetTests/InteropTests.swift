import Foundation
import SeededRandom
import Testing

@testable import Parquet

/// pyarrow, DuckDB and ClickHouse against our writer, and our reader against theirs.
@Suite("Other readers and writers", .enabled(if: Python.isAvailable, "set SPANDREL_TEST_PYTHON to a Python with pyarrow, duckdb and chdb: scripts/test does"))
struct InteropTests {
    @Test("pyarrow, DuckDB and ClickHouse read what we write", arguments: 0..<4)
    func othersReadOurs(_ round: UInt64) throws {
        var random = RandomRows(seed: TestSeed.value &+ 1_000 &+ round)
        let schema = try RandomRows.everyShape()
        let sizes = [[400], [1, 700, 60], [3], [1_500, 1_500]][Int(round) % 4]
        let rows = random.rows(schema, count: sizes.reduce(0, +))
        let options = schema.leaves.map { random.options(for: $0) }
        let bytes = try TestFile.write(schema, rows: rows, rowGroupSizes: sizes, options: options)
        try Python.withFolder { folder in
            let file = folder.appendingPathComponent("ours.parquet")
            let expected = folder.appendingPathComponent("expected.jsonl")
            try Data(bytes).write(to: file)
            try Data(TestJSON.lines(schema, rows).utf8).write(to: expected)
            let outcome = try Python.run("read_ours.py", [file.path, expected.path])
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    @Test("every kind of file pyarrow, DuckDB and ClickHouse write is read as pyarrow reads it")
    func weReadOthers() throws {
        try Python.withFolder { folder in
            let written = try Python.run("write_theirs.py", [folder.path])
            #expect(written.status == 0, "\(written.output)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".parquet") }.sorted()
            #expect(Set(names.map { $0.prefix { $0 != "-" } }).isSuperset(of: ["flat", "nested", "duckdb", "clickhouse"]))
            #expect(names.count > 140)
            for name in names {
                let url = folder.appendingPathComponent(name)
                do {
                    try Self.dump(url)
                } catch {
                    Issue.record("\(name): \(error)")
                }
            }
            let compared = try Python.run("compare_theirs.py", [folder.path])
            #expect(compared.status == 0, "\(compared.output)")
        }
    }

    /// Reads a file whole, in part and by chosen rows; the whole goes beside it as JSON.
    private static func dump(_ url: URL) throws {
        let file = try ParquetFile.open(MemorySource(Array(try Data(contentsOf: url))))
        var rows: [[TestValue]] = []
        for rowGroup in 0..<file.rowGroupCount {
            let group = try TestFile.rows(file, rowGroup: rowGroup)
            rows += group
            let part = group.count / 3..<group.count - group.count / 4
            #expect(try TestFile.rows(file, rowGroup: rowGroup, part) == Array(group[part]), "\(url.lastPathComponent)")
            let chosen = stride(from: 1, to: group.count, by: 7).map { Int32($0) }
            let leaves = try file.schema.leaves.map { try file.gatherLeaf(rowGroup: rowGroup, leaf: $0.index, rows: chosen).shredded }
            var assembler = Assembler(schema: file.schema, leaves: leaves)
            #expect(assembler.rows(chosen.count) == chosen.map { group[Int($0)] }, "\(url.lastPathComponent)")
        }
        try Data(TestJSON.lines(file.schema, rows).utf8).write(to: url.appendingPathExtension("jsonl"))
    }

    @Test("DuckDB's bloom probe and ours agree on which values a filter excludes")
    func bloomFilters() throws {
        let schema = try ParquetSchema([.required("id", .byteArray, .string)])
        let rows = (0..<1_000).map { [TestValue.bytes(Array("id-\($0)".utf8))] }
        let options = ColumnOptions(encoding: .plain, bloomFilterDistinctCount: 1_000)
        let bytes = try TestFile.write(schema, rows: rows, rowGroupSizes: [1_000], options: [options])
        let filter = try #require(try ParquetFile.open(MemorySource(bytes)).bloomFilter(rowGroup: 0, leaf: 0))
        let probes = (900..<1_900).map { "id-\($0)" }
        let ours = probes.map { probe in
            Array(probe.utf8).withUnsafeBytes { filter.mightContain(BloomFilter.hash($0)) }
        }
        #expect(ours.prefix(100).allSatisfy { $0 })
        #expect(ours.dropFirst(100).filter { $0 }.count < 10)
        try Python.withFolder { folder in
            let file = folder.appendingPathComponent("bloom.parquet")
            try Data(bytes).write(to: file)
            try Data(zip(probes, ours).map { "\($0) \($1)\n" }.joined().utf8).write(to: folder.appendingPathComponent("probes.txt"))
            let outcome = try Python.run("probe_bloom.py", [file.path, folder.appendingPathComponent("probes.txt").path])
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }
}
