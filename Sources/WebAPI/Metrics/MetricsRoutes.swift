import Accounts
import Database
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Telemetry

/// The figures of this process and of the queue, for Prometheus and its kin.
struct MetricsRoutes {
    let metrics: @Sendable () async -> [MetricFamily]
    private let admitted = Admitted()

    init(metrics: @escaping @Sendable () async -> [MetricFamily]) {
        self.metrics = metrics
    }

    var operations: [Operation] {
        [
            Operation(
                .get, "/metrics", "Figures as Prometheus reads them", tag: "Health",
                access: .signedIn([.admin], needs: .readOps), scope: .none("figures of the process and the queue"),
                answers: [.content(PrometheusText.contentType, "Text format 0.0.4.")], handler: show)
        ]
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        do {
            _ = try await visit.visitor()
            admitted.note(visit.context.credential)
        } catch let error as DatabaseError where error.isPassing && admitted.knows(visit.context.credential) {
            // That the database is away is what the figures are for, so whoever came before still sees it.
            visit.admitUnasked()
        }
        _ = try visit.query()
        let text = PrometheusText.render(await metrics())
        return Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// Who saw the figures of this process while the database could still tell who they are.
    private final class Admitted: Sendable {
        /// A monitor or two; more than this, and the list begins anew.
        private static let limit = 100
        private let credentials = Mutex<Set<Credential>>([])

        func note(_ credential: Credential?) {
            guard let credential else { return }
            credentials.withLock { known in
                if known.count >= Self.limit { known.removeAll() }
                known.insert(credential)
            }
        }

        func knows(_ credential: Credential?) -> Bool {
            credential.map { shown in credentials.withLock { $0.contains(shown) } } ?? false
        }
    }
}
