/// `/metrics`: Prometheus text, without a key, so that a scraper needs none; it names no project and no content.

import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore

struct MetricsHandlers: Sendable {
    let metrics: ServerMetrics

    var routes: [Route] { [Route("getMetrics", .get, "/metrics", statuses: [200]) { _, _ in await getMetrics() }] }

    func getMetrics() async -> Response {
        let text = PrometheusText(await metrics.report()).text
        return Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
