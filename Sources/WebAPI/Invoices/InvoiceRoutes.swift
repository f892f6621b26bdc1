import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import NIOCore
import StateMachines
import Workflows

/// An invoice's document, beside what every record has.
struct InvoiceRoutes {
    let reader: InvoiceReader

    init(_ dependencies: WebDependencies) {
        reader = InvoiceReader(dependencies)
    }

    var operations: [Operation] {
        [
            Operation(
                .get, "/api/v1/invoices/{id}/pdf", "The document of the invoice", tag: "Money", access: .signedIn(),
                scope: .rows(of: .invoices), answers: [.content("application/pdf", "The document.")], problems: [404],
                handler: pdf)
        ]
    }

    @Sendable private func pdf(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let id = try visit.id(of: "invoice")
        let (_, results) = try await visit.read { kind in [ResourceRoutes.exists(id, in: .invoices, for: kind)] }
        guard !results[0].rows.isEmpty else { throw Problem.notFound("invoice") }
        let file = try await reader.document(of: id)
        return Response(
            status: .ok,
            headers: [
                .contentType: file.mime == "application/pdf" ? file.mime : "application/octet-stream",
                .contentDisposition: "attachment; filename=\"\(file.safeName)\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try await file.bytes(from: visit.dependencies.files))))
    }
}

extension StoredFile {
    /// The name, of letters, digits, dots, hyphens and underscores alone, so that it can stand in a header as it is.
    var safeName: String {
        let safe = name.unicodeScalars.map { scalar in
            scalar.properties.isAlphabetic && scalar.isASCII || "0123456789._-".unicodeScalars.contains(scalar)
                ? Character(scalar) : "_"
        }
        return safe.isEmpty ? "document.pdf" : String(safe)
    }
}
