import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry

/// The figures of this process and of the queue, for Prometheus and its kin.
struct MetricsRoutes {
    let metrics: @Sendable () async -> [MetricFamily]

    var operations: [Operation] {
        [
            Operation(
                .get, "/metrics", "Figures as Prometheus reads them", tag: "Health", access: .operatorAlone,
                scope: .none("figures of the process and the queue"),
                answers: [.content(PrometheusText.contentType, "Text format 0.0.4.")], handler: show)
        ]
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let text = PrometheusText.render(await metrics())
        return Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
