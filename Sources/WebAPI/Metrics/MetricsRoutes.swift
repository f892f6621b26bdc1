import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry

/// The figures of this process and of the queue, for Prometheus and its kin.
struct MetricsRoutes {
    let metrics: @Sendable () async -> [MetricFamily]

    func add(to routes: RouteTable) {
        routes.add("/metrics", [.get: show])
    }

    @Sendable private func show(_ request: Request, _ context: DoorContext) async throws -> Response {
        try QueryParameters(request.uri, known: []).check()
        let text = PrometheusText.render(await metrics())
        return Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
