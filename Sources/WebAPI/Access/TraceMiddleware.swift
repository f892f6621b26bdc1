import HTTPTypes
import Hummingbird
import Logging
import Telemetry

/// Lets a request go on in the trace that it names, or begins one.
///
/// What the request writes keeps the trace: its events, their jobs, and what those set off in turn. A header that is no
/// trace context, or stands twice, is as none.
struct TraceMiddleware: RouterMiddleware {
    typealias Context = DoorContext

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let headers = request.headers[values: .traceParent]
        let caller = headers.count == 1 ? TraceContext(headers[0]) : nil
        let trace = caller?.next ?? .begin()
        var context = context
        context.logger[metadataKey: "trace"] = "\(trace.traceID)"
        return try await TraceContext.$current.withValue(trace) { try await next(request, context) }
    }
}
