import enum Documents.TemplateValue
public import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore
import StateMachines
public import WebAPI
public import struct WebAPI.Operation

/// The pages for people: for now the invoices, one list and one page for each.
public struct PortalPages: WebPages {
    let dependencies: WebDependencies
    let files: PublicFiles
    let templates: PageTemplates
    let time: CompanyTime

    /// Compiles the templates.
    ///
    /// - Parameters:
    ///   - dependencies: What the web side needs.
    ///   - files: The style sheets and whatever else is served as it is.
    ///   - templates: The folder of the pages' templates, such as `templates/portal`.
    /// - Throws: ``PageFault/broken(_:)`` with every fault of every template; the program must not start then.
    public init(_ dependencies: WebDependencies, files: PublicFiles, templates: URL) throws {
        self.dependencies = dependencies
        self.files = files
        self.templates = try PageTemplates(
            directory: templates, pages: ["layout", "invoices", "invoice", "email", "problem", "account"])
        time = CompanyTime(zone: dependencies.zone)
    }

    /// Everything that the pages do.
    public var operations: [Operation] { InvoicePages(pages: self).operations + AccountPages(pages: self).operations }

    /// Shows a problem to a person.
    public func page(for problem: Problem, requestID: String) -> Response {
        if problem.status == .unauthorized {
            return Response(status: .seeOther, headers: [.location: "/admin/sign-in"])
        }
        let values: PageValues = [
            "title": .text(problem.title), "detail": .text(problem.detail), "code": .text(problem.code),
            "request_id": .text(requestID),
            "reasons": .list(problem.errors.dropFirst().map { ["message": .text($0.message)] }),
        ]
        var response =
            (try? page("problem", values, visit: nil, status: problem.status))
            // Only a template that was changed under the running program can get us here.
            ?? Response(status: problem.status, body: ResponseBody(byteBuffer: ByteBuffer(string: problem.detail)))
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }

    /// Fills a page.
    ///
    /// - Parameters:
    ///   - name: The template.
    ///   - values: What it shows.
    ///   - visit: The request, whose session its forms belong to; nil: they belong to none.
    ///   - status: The status of the answer.
    /// - Returns: The page.
    /// - Throws: ``PageFault/missingValues(page:names:)``.
    func page(
        _ name: String, _ values: PageValues, visit: Visit?, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values = values
        if let csrf = visit?.context.forgeryGuard { values["csrf"] = .text(csrf) }
        values["is_signed_in"] = .flag(values["csrf"] != nil)
        if values["csrf"] == nil { values["csrf"] = .absent }
        values["style_sheets"] = .list(
            ["tokens", "drizzl", "components"].map { ["sheet": .text(files.address(of: "/css/\($0).css"))] })
        let html = try templates.fill(name, values)
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}
