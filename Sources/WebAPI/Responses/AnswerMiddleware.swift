import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The outermost layer: turns every error into an answer, completes its headers, and writes the access log.
struct AnswerMiddleware: RouterMiddleware {
    typealias Context = DoorContext

    /// Shows a problem as a page, to those who want one.
    let pages: (any WebPages)?
    /// Whether browsers are told to come by TLS alone.
    var isBehindTLS = false
    let clock = ContinuousClock()

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = clock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(to: error, request, context)
        }
        complete(&response, for: request, context)
        log(response, to: request, context, took: clock.now - start)
        return response
    }

    private func answer(to error: any Error, _ request: Request, _ context: Context) -> Response {
        let problem = Problem(error)
        // A DatabaseError quotes no bind value, and the errors of the engine name machines and states; anything else
        // may quote what nobody should read, so only its type is told.
        let text = (error as? any SafeToLog)?.description ?? "\(type(of: error))"
        context.logger.log(
            level: problem.logLevel, "request failed", metadata: ["error": "\(text)", "code": "\(problem.code)"])
        if let pages, Self.wantsPage(request) { return pages.page(for: problem, to: request, requestID: context.id) }
        return problem.response(path: request.uri.path, requestID: context.id)
    }

    /// Programs ask below `/api`, people anywhere else.
    private static func wantsPage(_ request: Request) -> Bool {
        !request.uri.path.hasPrefix("/api/") && request.headers[.accept]?.contains("text/html") == true
    }

    private func complete(_ response: inout Response, for request: Request, _ context: Context) {
        var headers = response.headers
        headers[.requestID] = context.id
        headers[.xContentTypeOptions] = "nosniff"
        headers[.frameOptions] = "DENY"
        // Not "no-referrer": with that, browsers send "Origin: null" with our own forms.
        headers[.referrerPolicy] = "same-origin"
        // The bytes of a file forbid more.
        headers[.contentSecurityPolicy] =
            headers[.contentSecurityPolicy]
            ?? "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
        if isBehindTLS { headers[.strictTransportSecurity] = "max-age=31536000" }
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        response.headers = headers
        // An answer to HEAD has the headers of the answer to GET and no body, also when it is a problem.
        if request.method == .head { response = response.createHeadResponse() }
    }

    /// One line for each request, without query values and bodies; behind the answer, which the loop writes first.
    private func log(_ response: Response, to request: Request, _ context: Context, took: Duration) {
        let (method, path, status) = (request.method.rawValue, request.uri.path, response.status.code)
        let (bytes, logger) = (response.body.contentLength ?? 0, context.logger)
        context.channel.eventLoop.execute {
            logger.info(
                "request",
                metadata: [
                    "method": "\(method)", "path": "\(path.prefix(200))", "status": "\(status)", "bytes": "\(bytes)",
                    "ms": "\((took / .milliseconds(1) * 10).rounded() / 10)",
                ])
        }
    }
}
