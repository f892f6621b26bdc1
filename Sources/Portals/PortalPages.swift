import Accounts
import enum Documents.TemplateValue
public import Foundation
import HTTPTypes
import Hummingbird
public import HummingbirdCore
import NIOCore
import StateMachines
public import WebAPI
public import struct WebAPI.Operation

/// The pages for people, of the three portals.
public struct PortalPages: WebPages {
    let dependencies: WebDependencies
    let templates: PageTemplates
    let time: CompanyTime
    /// Where the pictures of the lifecycles have their parts.
    let layouts = LifecycleLayouts()
    /// Records as the API has them.
    let records: RecordDesk
    /// What the ops overview shows, read once for all who look.
    let board: OpsBoard
    private let files: PageFiles

    /// Compiles the templates.
    ///
    /// - Parameters:
    ///   - dependencies: What the web side needs.
    ///   - files: The style sheets, scripts and whatever else is served as it is.
    ///   - templates: The folder of the pages' templates, such as `templates/portal`.
    /// - Throws: ``PageFault/broken(_:)`` with every fault of every template; the program must not start then.
    public init(_ dependencies: WebDependencies, files: PublicFiles, templates: URL) throws {
        self.dependencies = dependencies
        board = OpsBoard(pool: dependencies.pool)
        self.files = PageFiles(files)
        records = RecordDesk(dependencies)
        self.templates = try PageTemplates(
            directory: templates,
            pages: [
                "layout", EntrancePage.template, DoorsPage.template, HomePage.template, ProblemPage.template,
                RecordList.template, RecordPage.template, MakingPage.template, MailPage.template,
                ApprovalsPage.template, DesignPage.template, LifecyclesPage.template, LifecyclePage.template,
                RecordPathPage.template, WhatIfPage.template, TimersPage.template, RefusalsPage.template,
                AlertsPage.template, AuditPage.template,
                OverviewPage.template, QueuePage.template, JobListPage.template, BulkPage.template, JobPage.template,
                DeadPage.template, SchedulesPage.template, WorkersPage.template, MailboxPage.template,
                OpsMailPage.template, PayoutRunPage.template,
            ])
        time = CompanyTime(zone: dependencies.zone)
    }

    /// Every page, in the order of the menu.
    var routes: [PageRoute] {
        HomePages(pages: self).routes + ApprovalsPages(pages: self).routes
            + RecordKind.all.flatMap { RecordPages(pages: self, kind: $0).routes } + RecordPages.moved
            + PayoutPages(pages: self).routes
            + OpsPages(pages: self).routes + LifecyclePages(pages: self).routes + OversightPages(pages: self).routes
            + DesignPages(pages: self).routes + AccountPages(pages: self).routes
    }

    /// Which pages there are to lead to.
    var links: PageLinks { PageLinks(routes) }

    /// Everything that the pages do.
    public var operations: [Operation] { routes.map(\.operation) }

    /// Shows a problem to a person; whoever is not signed in is led to where they can.
    public func page(for problem: Problem, to request: Request, requestID: String) -> Response {
        if problem.status == .unauthorized {
            let kind = Portal.kind(at: request.uri.path) ?? .admin
            let wanted = request.method == .get && request.uri.path != Portal.home(of: kind)
            let login = Address.text(Portal.login(of: kind), wanted ? [(name: "next", value: request.uri.path)] : [])
            return Response(status: .seeOther, headers: [.location: login])
        }
        let page = ProblemPage(problem: problem, requestID: requestID, home: Portal.kind(at: request.uri.path))
        var response =
            (try? show(page, to: nil, request, csrf: nil, status: problem.status))
            // Only a template that was changed under the running program can get us here.
            ?? Response(status: problem.status, body: ResponseBody(byteBuffer: ByteBuffer(string: problem.detail)))
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }

    /// Shows a page.
    ///
    /// - Parameters:
    ///   - page: The page.
    ///   - visitor: Who looks at it; nil: somebody who is not signed in.
    ///   - visit: The request, whose session its forms belong to.
    ///   - status: The status of the answer.
    /// - Returns: The page; only what is inside of the shell for a script that asks for that.
    /// - Throws: ``PageFault/missingValues(page:names:)``.
    func show(
        _ page: some Page, to visitor: Visitor?, _ visit: Visit, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try show(
            page, to: visitor, visit.request, csrf: visitor == nil ? nil : visit.context.forgeryGuard, status: status)
    }

    private func show(
        _ page: some Page, to visitor: Visitor?, _ request: Request, csrf: String?, status: HTTPResponse.Status
    ) throws -> Response {
        let frame = Frame(
            files: files, routes: visitor == nil ? [] : routes, visitor: visitor, path: request.uri.path, csrf: csrf,
            isFragment: HTTPField.Name("X-Fragment").map { request.headers[$0] != nil } ?? false)
        let values = frame.values(around: page)
        return Response(html: try templates.fill(type(of: page).template, values), to: request, status: status)
    }
}
