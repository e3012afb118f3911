import Foundation
import PostgresTesting
import SeededRandom
import Testing
import TraceModel

@testable import KnowledgeBase

/// Vector files: found again, cut where they tore, each process's own.
@Suite struct VectorFileTests {
    private let project = ProjectID(high: 1, low: 2)
    private let model = "openai/text-embedding-3-small"

    @Test("what was written is found again after reopening")
    func rowsAreFoundAgain() throws {
        try withDirectory { directory in
            let vectors = Self.vectors(count: 5_000, dimensionCount: 5, seed: 1)
            do {
                let index = try directory.create(project: project, model: model, dimensionCount: 5)
                for start in stride(from: 0, to: 5_000, by: 700) { try index.append(Array(vectors[start..<min(start + 700, 5_000)])) }
                #expect(index.rows.rowCount == 5_000)
            }
            let index = try #require(try directory.open(project: project, model: model, dimensionCount: 5))
            #expect(index.rows.rowCount == 5_000)
            #expect(index.rows(of: vectors.map(\.key)) == (0..<5_000).map { UInt32($0) })
            for row in [0, 1_023, 1_024, 4_999] {
                #expect(index.rows.vector(ofRow: UInt32(row)) == VectorMath.unit(vectors[row].vector))
            }
        }
    }

    @Test("a view of the rows stays what it was while others are added and after the file is removed")
    func viewsAreFixed() throws {
        try withDirectory { directory in
            let vectors = Self.vectors(count: 4_000, dimensionCount: 3, seed: 2)
            let index = try directory.create(project: project, model: model, dimensionCount: 3)
            try index.append(Array(vectors[..<10]))
            let view = index.rows
            try index.append(Array(vectors[10...]))
            try index.remove()
            #expect(view.rowCount == 10)
            #expect(view.vector(ofRow: 9) == VectorMath.unit(vectors[9].vector))
            #expect(index.rows.vector(ofRow: 3_999) == VectorMath.unit(vectors[3_999].vector))
        }
    }

    @Test("a key that has a row gets no second one, and another text of the same chunk is another key")
    func keysHaveOneRow() throws {
        try withDirectory { directory in
            let index = try directory.create(project: project, model: model, dimensionCount: 2)
            let key = VectorKey(chunkID: 7, textHash: 1)
            try index.append([(key, [1, 0]), (key, [0, 1])])
            try index.append([(key, [0, 1]), (VectorKey(chunkID: 7, textHash: 2), [0, 2])])
            #expect(index.rows.rowCount == 2)
            #expect(index.rows(of: [key, VectorKey(chunkID: 7, textHash: 2), VectorKey(chunkID: 8, textHash: 1)]) == [0, 1, nil])
            #expect(index.rows.vector(ofRow: 0) == [1, 0])
            #expect(index.rows.vector(ofRow: 1) == [0, 1])
        }
    }

    @Test("a vector of another dimension, of no length or with no number in it is refused, and nothing is added")
    func badVectorsAreRefused() throws {
        try withDirectory { directory in
            let index = try directory.create(project: project, model: model, dimensionCount: 2)
            let good = (key: VectorKey(chunkID: 1, textHash: 1), vector: [Float(1), 0])
            for (bad, code) in [([Float(1), 0, 0], KnowledgeSearchError.Code.internal), ([0, 0], .internal), ([.nan, 1], .internal)] {
                let error = #expect(throws: KnowledgeSearchError.self) {
                    try index.append([good, (VectorKey(chunkID: 2, textHash: 1), bad)])
                }
                #expect(error?.code == code)
            }
            #expect(index.rows.rowCount == 0)
            #expect(index.rows(of: [good.key]) == [nil])
        }
    }

    @Test("two holders of one folder have files of their own, and a file that is let go is taken up again")
    func holdersKeepApart() throws {
        try withDirectory { directory in
            // A lock is the open file's: a second opening in this process is refused like one in another.
            var first: VectorIndex? = try directory.create(project: project, model: model, dimensionCount: 1)
            try first?.append([(VectorKey(chunkID: 1, textHash: 1), [1])])
            #expect(try directory.open(project: project, model: model, dimensionCount: 1) == nil)
            let second = try directory.create(project: project, model: model, dimensionCount: 1)
            #expect(second.rows.rowCount == 0)
            #expect(try names(directory).count == 2)
            #expect(first?.rows.rowCount == 1)
            first = nil
            let again = try #require(try directory.open(project: project, model: model, dimensionCount: 1))
            #expect(again.rows.rowCount == 1)
        }
    }

    @Test("a new file replaces those of its project that nobody holds, and no others")
    func leftFilesAreRemoved() throws {
        try withDirectory { directory in
            let other = ProjectID(high: 1, low: 3)
            _ = try directory.create(project: other, model: model, dimensionCount: 1)
            _ = try directory.create(project: project, model: "a/left", dimensionCount: 1)
            let held = try directory.create(project: project, model: "a/held", dimensionCount: 1)
            let new = try directory.create(project: project, model: model, dimensionCount: 2)
            #expect(try names(directory).count == 3)
            #expect(try directory.open(project: project, model: "a/left", dimensionCount: 1) == nil)
            #expect(try directory.open(project: other, model: model, dimensionCount: 1) != nil)
            _ = (held, new)
        }
    }

    @Test("a file of another project, model or version under this name is removed")
    func strangersAreRemoved() throws {
        try withDirectory { directory in
            for offset in [0, 8, 20, 33, 60] {
                _ = try directory.create(project: project, model: model, dimensionCount: 1)
                let path = directory.path + "/" + (try #require(try names(directory).first))
                var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
                bytes[offset] ^= 1
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                #expect(try directory.open(project: project, model: model, dimensionCount: 1) == nil)
                #expect(try names(directory).isEmpty)
            }
        }
    }

    @Test("of a damaged file what comes before the damage is believed, and the rest is added again")
    func damageIsCutOff() throws {
        var dice = SeededGenerator(seed: TestSeed.value)
        let vectors = Self.vectors(count: 40, dimensionCount: 9, seed: 3)
        let format = VectorFileFormat(dimensionCount: 9, project: project, model: model)
        try withDirectory { directory in
            for round in 0..<400 {
                do {
                    let index = try directory.create(project: project, model: model, dimensionCount: 9)
                    try index.append(vectors)
                }
                let path = directory.path + "/" + (try #require(try names(directory).first))
                let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
                let damaged = Self.damaged(whole, &dice)
                try Data(damaged).write(to: URL(fileURLWithPath: path))
                let index = try directory.open(project: project, model: model, dimensionCount: 9)
                let shorter = min(whole.count, damaged.count)
                let firstDifference = (0..<shorter).first { whole[$0] != damaged[$0] } ?? shorter
                let wholeRows = max(0, firstDifference - VectorFileFormat.headerByteCount) / format.rowByteCount
                guard let index else {
                    #expect(firstDifference < VectorFileFormat.headerByteCount, "round \(round)")
                    continue
                }
                // Zeros behind a row may be damaged without harm to it.
                let believed = index.rows.rowCount
                #expect(believed >= min(wholeRows, 40) && believed <= 40, "round \(round)")
                for row in 0..<believed {
                    #expect(index.rows.vector(ofRow: UInt32(row)) == VectorMath.unit(vectors[row].vector), "round \(round)")
                }
                try index.append(vectors)
                #expect(index.rows.rowCount == 40)
                #expect(index.rows.vector(ofRow: 39) == VectorMath.unit(vectors[39].vector))
                try index.remove()
            }
        }
    }

    // MARK: Samples

    static func vectors(count: Int, dimensionCount: Int, seed: UInt64) -> [(key: VectorKey, vector: [Float])] {
        var dice = SeededGenerator(seed: seed)
        return (0..<count).map { number in
            (
                VectorKey(chunkID: Int64(number) * 3 + 1, textHash: dice.next()),
                (0..<dimensionCount).map { _ in Float.random(in: -1...1, using: &dice) + 0.001 }
            )
        }
    }

    /// Cut, lengthened, bits turned, pieces moved or written over.
    private static func damaged(_ whole: [UInt8], _ dice: inout SeededGenerator) -> [UInt8] {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...3, using: &dice) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &dice)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: bytes.removeLast(bytes.count - place)
            case 1: bytes += (0..<Int.random(in: 1...200, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            case 3: bytes.insert(contentsOf: [UInt8](repeating: 0, count: 32), at: place / 32 * 32)
            case 4: bytes.replaceSubrange(place..., with: [UInt8](repeating: 0, count: bytes.count - place))
            default:
                let end = min(bytes.count, place + 96)
                bytes.removeSubrange(place..<end)
            }
            if bytes.isEmpty { return bytes }
        }
        return bytes
    }

    private func withDirectory(_ body: (VectorDirectory) throws -> Void) throws {
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        try body(try VectorDirectory(path: path + "/knowledge"))
    }

    private func names(_ directory: VectorDirectory) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }
}
