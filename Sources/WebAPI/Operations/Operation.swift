import Database
public import HTTPTypes
public import Hummingbird

/// One thing that the web side does: a route, who may use it, whose rows it names, what it takes and what it answers.
///
/// Nothing gets to the router without one, so nothing is reachable that has not said who may reach it. The OpenAPI
/// document, the test with strangers and the handler's checks go by the same value.
public struct Operation: Sendable {
    /// Answers a request, or throws what keeps it from it.
    public typealias Handler = @Sendable (Visit) async throws -> Response

    /// The method; HEAD comes with GET.
    public var method: HTTPRequest.Method
    /// The path, a part of it that varies in braces: `/api/v1/leads/{id}`.
    public var path: String
    /// What it does, in one line.
    public var summary: String
    /// The heading under which the documentation shows it.
    public var tag: String
    /// Who may use it.
    public var access: Access
    /// Whose rows it names.
    public var scope: RowScope
    /// What it takes besides the body; the parts of the path are added by themselves.
    public var parameters: [Parameter]
    /// What its body has to be, if it takes one.
    public var body: Schema?
    /// What it takes as a body of bytes, if it does, for people.
    public var upload: String?
    /// How it answers when all is well.
    public var answers: [Answer]
    /// Problems that it may answer with, besides those that follow from the rest.
    public var problems: Set<Int>
    /// Does it.
    public var handler: Handler

    /// Declares an operation.
    public init(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, tag: String, access: Access, scope: RowScope,
        parameters: [Parameter] = [], body: Schema? = nil, upload: String? = nil, answers: [Answer],
        problems: Set<Int> = [], handler: @escaping Handler
    ) {
        (self.method, self.path, self.summary, self.tag) = (method, path, summary, tag)
        (self.access, self.scope, self.parameters, self.body) = (access, scope, parameters, body)
        (self.upload, self.answers, self.problems, self.handler) = (upload, answers, problems, handler)
    }

    /// The parts of the path that vary.
    var pathParameters: [String] {
        path.split(separator: "/").compactMap { $0.hasPrefix("{") ? String($0.dropFirst().dropLast()) : nil }
    }

    /// Whether it may change something.
    var isWrite: Bool { ![.get, .head, .options].contains(method) }

    /// Answers a request.
    ///
    /// Whoever may not come in hears that first, whatever else is wrong with what they sent.
    func answer(_ visit: Visit) async throws -> Response {
        do {
            let response = try await handler(visit)
            // A handler that never asked would let anybody see its answer.
            if access.needsVisitor { try await visit.demandAdmission() }
            return response
        } catch let error as DatabaseError where isWrite && error.sqlState == "23505" {
            throw Problem(ofTaken: error, among: body?.members ?? [])
        } catch let error where access.needsVisitor && Problem(error).isOfContent {
            try await visit.demandAdmission()
            throw error
        }
    }
}

extension Problem {
    /// Whether it speaks of what was sent, and not of who sent it or of ourselves.
    fileprivate var isOfContent: Bool { (400..<500).contains(status.code) && ![401, 403].contains(status.code) }
}
