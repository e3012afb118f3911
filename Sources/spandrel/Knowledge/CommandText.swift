/// Words of servers and files on a terminal: nothing in them moves the cursor.

import KnowledgeFiles
import RunClient

@preconcurrency import Glibc

enum CommandText {
    static func line(_ text: String) -> String { PlainText.line(text) }

    /// Several lines of a message stay several.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { PlainText.line(String($0), maximumCharacterCount: 4 * RunClientLimits.maximumLineCharacterCount) }
            .joined(separator: "\n")
    }

    /// On standard error.
    static func tell(_ text: String) { fputs(lines(text) + "\n", stderr) }

    /// What a command does; what goes wrong is told in the same plain words.
    static func plainly<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let fault as RunServer.Fault { throw CommandFailure(lines(fault.description)) } catch let
            failure
            as CommandFailure
        { throw CommandFailure(lines(failure.description)) } catch let error as KnowledgeFilesError {
            throw CommandFailure(lines(error.description))
        }
    }
}
