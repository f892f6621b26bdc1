import HTTPTypes
import Hummingbird
import StateMachines

extension Problem {
    /// The problem detail as JSON.
    ///
    /// - Parameters:
    ///   - path: The path that was asked for, without its query.
    ///   - requestID: The id under which the log knows the request.
    /// - Returns: The object.
    func json(path: String, requestID: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "type": .string("/problems/\(code)"), "title": .string(title), "status": .integer(Int64(status.code)),
            "detail": .string(detail), "instance": .string(path), "code": .string(code),
            "request_id": .string(requestID),
        ]
        if !errors.isEmpty { members["errors"] = .array(errors.map(\.json)) }
        members["state"] = state.map(JSONValue.string)
        if !possible.isEmpty { members["possible"] = .array(possible.map(JSONValue.string)) }
        return .object(members)
    }

    /// The answer for programs.
    func response(path: String, requestID: String) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(json: json(path: path, requestID: requestID), status: status, headers: headers)
    }
}

extension Refusal.Reason {
    /// One reason as replies show it.
    ///
    /// Source: docs/lifecycle-files.md.
    var json: JSONValue {
        var members: [String: JSONValue] = ["code": .string(code), "message": .string(message)]
        members["field"] = field.map(JSONValue.string)
        members["from"] = from.map { .array($0.map(JSONValue.string)) }
        members["unblocks"] = unblocks.map { .object(["move": .string($0)]) }
        return .object(members)
    }
}
