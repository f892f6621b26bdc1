import Accounts
import HTTPTypes
import StateMachines

/// The OpenAPI 3.1 document of some operations: what of them is in JSON below `/api`.
struct OpenAPI {
    let operations: [Operation]

    init(_ operations: [Operation]) {
        self.operations = operations.filter { $0.path.hasPrefix("/api/v1/") }
    }

    /// The document.
    var json: JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for operation in operations {
            paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] = entry(operation)
        }
        return .object([
            "openapi": "3.1.0",
            "info": .object([
                "title": "Drizzl", "version": "1",
                "description": .string(
                    "Amounts are integer cents, days YYYY-MM-DD, moments RFC 3339 in UTC, ids UUIDs. Whatever is not done "
                        + "is answered with a problem detail (RFC 9457) whose `code` is stable."),
            ]),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": .object([
                "schemas": .object(schemas.mapValues(\.json)),
                "securitySchemes": .object([
                    "token": .object(["type": "http", "scheme": "bearer"]),
                    "session": .object(["type": "apiKey", "in": "cookie", "name": "__Host-drizzl_admin"]),
                ]),
            ]),
        ])
    }

    private var schemas: [String: Schema] {
        operations.reduce(into: ResourceRoutes.problemSchema.named) { schemas, operation in
            let used = [operation.body].compactMap(\.self) + operation.answers.compactMap(\.schema)
            for schema in used { schemas.merge(schema.named) { first, _ in first } }
        }
    }

    private func entry(_ operation: Operation) -> JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .string(Self.identifier(operation)), "summary": .string(operation.summary),
            "tags": .array([.string(operation.tag)]),
            "parameters": .array(operation.allParameters.map(Self.parameter)),
        ]
        if operation.access.needsVisitor {
            members["security"] = .array([.object(["token": .array([])]), .object(["session": .array([])])])
            members["description"] = .string(Self.whoMay(operation.access))
        }
        if let body = operation.body {
            members["requestBody"] = .object([
                "required": true,
                "content": .object([
                    "application/json": .object(["schema": body.json, "example": body.example])
                ]),
            ])
        }
        if let upload = operation.upload {
            members["requestBody"] = .object([
                "required": true, "description": .string(upload),
                "content": .object([
                    "application/octet-stream": .object(["schema": .object(["type": "string", "format": "binary"])])
                ]),
            ])
        }
        var responses: [String: JSONValue] = [:]
        for answer in operation.answers { responses["\(answer.status)"] = Self.answer(answer) }
        for status in operation.allProblems where responses["\(status)"] == nil {
            responses["\(status)"] = .object([
                "description": .string(Problem.title(of: .init(code: status))),
                "content": .object([
                    "application/problem+json": .object(["schema": ResourceRoutes.problemSchema.json])
                ]),
            ])
        }
        members["responses"] = .object(responses)
        return .object(members)
    }

    private static func identifier(_ operation: Operation) -> String {
        let parts = operation.path.dropFirst("/api/v1/".count).split { !$0.isLetter && !$0.isNumber }
        return ([operation.method.rawValue.lowercased()] + parts.map(String.init)).joined(separator: "_")
    }

    private static func whoMay(_ access: Access) -> String {
        guard case .signedIn(let kinds, let needs) = access else { return "" }
        let who = kinds.map(\.rawValue).sorted().joined(separator: ", ")
        return "For: \(who)." + (needs.map { " An admin needs the permission `\($0.rawValue)`." } ?? "")
    }

    private static func parameter(_ parameter: Parameter) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "description": .string(parameter.about), "required": .boolean(parameter.isRequired),
            "schema": parameter.schema.json,
        ]
        members["example"] = parameter.example
        return .object(members)
    }

    private static func answer(_ answer: Answer) -> JSONValue {
        var members: [String: JSONValue] = ["description": .string(answer.about)]
        if let type = answer.mediaType {
            let content = answer.schema.map { ["schema": $0.json, "example": $0.example] } ?? [:]
            members["content"] = .object([type: .object(content)])
        }
        if !answer.headers.isEmpty {
            members["headers"] = .object(
                answer.headers.mapValues {
                    .object(["description": .string($0), "schema": .object(["type": "string"])])
                })
        }
        return .object(members)
    }
}

extension Operation {
    /// Its parameters with those of the path.
    var allParameters: [Parameter] {
        let declared = Set(parameters.filter { $0.place == .path }.map(\.name))
        return pathParameters.filter { !declared.contains($0) }.map {
            Parameter(.path, $0, .text(1...200), "The record's id.", isRequired: true)
        } + parameters
    }

    /// Every status with which it may refuse.
    var allProblems: [Int] {
        var statuses = problems.union([422, 429, 500, 503])
        if access.needsVisitor { statuses.formUnion([401, 403]) }
        if !pathParameters.isEmpty { statuses.insert(404) }
        if isWrite { statuses.formUnion([400, 403]) }
        if body != nil || upload != nil { statuses.formUnion([400, 408, 413, 415]) }
        return statuses.sorted()
    }
}
