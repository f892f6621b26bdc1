import Accounts
import HTTPTypes
import Hummingbird
import WebAPI
import struct WebAPI.Operation

/// The address of a page, who may open it, and where the menu has it.
///
/// The sidebar and the tab bar are made of these, so a page that is not there, or that a visitor may not open, is in neither.
struct PageRoute: Sendable {
    var operation: Operation
    var entry: MenuEntry?

    /// A page that a link leads to.
    ///
    /// - Parameters:
    ///   - path: Its address.
    ///   - summary: What it shows, in one line.
    ///   - kinds: Whose page it is.
    ///   - permission: What an admin has to hold for it.
    ///   - rows: Whose rows it names.
    ///   - entry: Where the menu has it.
    ///   - handler: Reads, and shows the page.
    /// - Returns: The route.
    static func get(
        _ path: String, _ summary: String, for kinds: Set<Visitor.Kind>, needs permission: Permission? = nil,
        rows: RowScope = .none("it shows no rows"), menu entry: MenuEntry? = nil, handler: @escaping Operation.Handler
    ) -> PageRoute {
        PageRoute(
            operation: page(.get, path, summary, .signedIn(kinds, needs: permission), rows, handler), entry: entry)
    }

    /// What a form of a page is sent to.
    static func post(
        _ path: String, _ summary: String, for kinds: Set<Visitor.Kind>, needs permission: Permission? = nil,
        rows: RowScope = .none("it changes no rows"), handler: @escaping Operation.Handler
    ) -> PageRoute {
        PageRoute(operation: page(.post, path, summary, .signedIn(kinds, needs: permission), rows, handler))
    }

    /// What everybody may open or send, signed in or not.
    static func open(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, handler: @escaping Operation.Handler
    ) -> PageRoute {
        PageRoute(operation: page(method, path, summary, .anyone, .none("one's own account"), handler))
    }

    /// An address that a page once had; whoever kept it comes to the present one, with the form that they send.
    ///
    /// - Parameters:
    ///   - old: The address, with its parts that vary in braces.
    ///   - method: What is sent to it.
    ///   - present: The address now, with the same parts.
    /// - Returns: The route.
    static func moved(
        _ old: String, _ method: HTTPRequest.Method = .get, to present: String
    ) -> PageRoute {
        open(method, old, "Leads to \(present)") { visit in
            var address = present
            for (name, value) in visit.context.parameters {
                address = address.replacing("{\(name)}", with: String(value))
            }
            // Without the query: it never said more than what had just been done, and may hold what was put there by
            // mistake.
            return Response(status: .permanentRedirect, headers: [.location: address])
        }
    }

    private static func page(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, _ access: Access, _ scope: RowScope,
        _ handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            method, path, summary, tag: "Pages", access: access, scope: scope,
            answers: [.content("text/html", "The page.")], handler: handler)
    }
}

/// Where the menu has a page.
struct MenuEntry: Sendable {
    /// The heading that it stands under.
    var group: String
    /// What it is called.
    var title: String
    /// Its icon, one of `scripts/icons.txt`.
    var icon: String
    /// What of `/api/v1/counts` stands beside it; nil: nothing.
    var count: String?
}
