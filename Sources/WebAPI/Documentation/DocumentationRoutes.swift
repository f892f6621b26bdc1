import HTTPTypes
import Hummingbird
import NIOCore
import StateMachines

/// `/api/openapi.json` for programs and `/api` for people, both made of the operations.
struct DocumentationRoutes {
    private let document: OpenAPI

    init(_ operations: [Operation]) {
        document = OpenAPI(operations)
    }

    var operations: [Operation] {
        let reason = RowScope.none("it says what there is, and shows nobody's records")
        let (json, page) = (document.json, DocumentationPage(document.operations).html)
        return [
            Operation(
                .get, "/api/openapi.json", "The OpenAPI document", tag: "Documentation", access: .anyone,
                scope: reason, answers: [.json(.map)]
            ) { visit in
                _ = try visit.query()
                return Response(json: json)
            },
            Operation(
                .get, "/api", "The documentation", tag: "Documentation", access: .anyone, scope: reason,
                answers: [.content("text/html", "The page.")]
            ) { _ in
                Response(
                    status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
            },
        ]
    }
}
