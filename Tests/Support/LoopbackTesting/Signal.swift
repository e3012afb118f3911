/// Something that happens once and that tests wait for instead of sleeping.

package struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() { (stream, continuation) = AsyncStream.makeStream() }

    package func fire() { continuation.finish() }

    package func wait() async { for await _ in stream {} }
}
