import ByteCoding
import FileSystem
import Glibc
import SpanStore
import TraceModel
import TraceQuery

/// Questions to a store that `seal` made, without HTTP: the median time and CPU of each, once its data is warm.
enum QueryCost {
    /// `questions`: a file of JSON, an object of bodies of `POST /api/v1/query` by name.
    static func measure(root: String, questions: String, runs: Int) async throws -> String {
        let store = try SpanStore.open(StoreConfiguration(root: root))
        let executor = QueryExecutor(threads: ScanThreads())
        let text = try LocalFileSystem().readWhole(questions, maximumByteCount: 1 << 20)
        guard case .object(let asked) = try JSONValue.parse(text) else { return "{}" }
        var lines: [String] = []
        for question in asked {
            let request = try QueryRequest.parse(question.value)
            _ = try await executor.execute(request, in: store.snapshot(of: SealCost.project))
            var milliseconds: [Double] = []
            let before = Usage.now
            for _ in 0..<runs {
                let begin = Usage.clock
                _ = try await executor.execute(request, in: store.snapshot(of: SealCost.project))
                milliseconds.append((Usage.clock - begin) * 1000)
            }
            milliseconds.sort()
            let cpu = (Usage.now - before).cpuSeconds * 1000 / Double(runs)
            lines.append("\"\(question.key)\": {\"median_ms\": \(milliseconds[runs / 2]), \"cpu_ms\": \(cpu)}")
        }
        await store.close()
        return "{" + lines.joined(separator: ",\n ") + "}"
    }
}
