import Glibc
import PostgresTesting
import Testing

@testable import PostgresClient

@Suite struct ServerLogTests {
    @Test("the log keeps its last lines, and two files of bounded size")
    func bounded() throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let log = ServerLog(path: directory + "/server.log", maximumByteCount: 1_000)
        for number in 0..<200 { log.append(ArraySlice("line number \(number)\n".utf8)) }
        #expect(log.lastLines.last == "line number 199" && log.lastLines.count == PostgresLimits.keptServerLogLineCount)
        #expect(directoryEntries(directory).sorted() == ["server.log", "server.log.1"])
        for name in ["server.log", "server.log.1"] {
            var status = stat()
            #expect(stat(directory + "/" + name, &status) == 0 && status.st_size <= 1_000 && status.st_size > 0)
        }
    }

    @Test("a line that comes in pieces is one line, an endless one is cut")
    func pieces() throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let log = ServerLog(path: directory + "/server.log")
        log.append(ArraySlice("FATAL:  no".utf8))
        log.append(ArraySlice(" space\n".utf8))
        #expect(log.lastLines == ["FATAL:  no space"])
        log.append(ArraySlice(String(repeating: "x", count: 5_000).utf8))
        log.append(ArraySlice("\n".utf8))
        #expect(log.lastLines.last?.utf8.count == 1_000)
    }

    @Test("a symbolic link in the log's place is not followed")
    func symbolicLink() throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        symlink(directory + "/victim", directory + "/server.log")
        ServerLog(path: directory + "/server.log").append(ArraySlice("x\n".utf8))
        #expect(access(directory + "/victim", F_OK) != 0)
    }
}
