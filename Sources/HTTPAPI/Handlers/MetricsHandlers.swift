/// `/metrics`: Prometheus text, without a key, so that a scraper needs none; it names no project and no content.

import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import NIOCore

struct MetricsHandlers: Sendable {
    let requests: HTTPMetrics
    let ingestor: Ingestor
    /// Families of rooms this one does not know: store, database.
    let more: @Sendable (inout PrometheusText) async -> Void

    var routes: [Route] { [Route("getMetrics", .get, "/metrics", statuses: [200]) { _, _ in await getMetrics() }] }

    func getMetrics() async -> Response {
        var text = PrometheusText()
        text.requests(requests)
        text.ingest(ingestor)
        await more(&text)
        text.process()
        return Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType], body: ResponseBody(byteBuffer: ByteBuffer(string: text.text)))
    }
}
