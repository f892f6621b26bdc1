public import Accounts
import StateMachines

/// Who may make use of an operation at all; which rows it then shows or writes is its ``RowScope``.
public enum Access: Sendable, Hashable {
    /// Everybody, without saying who they are.
    case anyone
    /// Whoever is signed in and of one of these kinds and, if they are an admin, holds the permission.
    case signedIn(_ kinds: Set<Visitor.Kind> = Set(Visitor.Kind.allCases), needs: Permission? = nil)

    /// What keeps a visitor out, if anything does.
    ///
    /// - Parameters:
    ///   - visitor: Who asks.
    ///   - isWrite: Whether something is to be changed, for which a token needs the scope `write`.
    /// - Returns: 403 with its reason; nil when they may go on.
    func refusal(of visitor: Visitor, isWrite: Bool) -> Problem? {
        if let scopes = visitor.scopes, !scopes.contains(isWrite ? "write" : "read") {
            return .forbidden("scope", "The token is not good for \(isWrite ? "writing" : "reading").")
        }
        guard case .signedIn(let kinds, let permission) = self else { return nil }
        guard kinds.contains(visitor.kind) else {
            return .forbidden("role", "This is not for your kind of account.")
        }
        // Admins alone hold permissions; what a rep or a partner may do, their rows say.
        if let permission, visitor.kind == .admin, !visitor.may(permission) {
            return .missing(permission)
        }
        return nil
    }

    /// Whether a visitor may look at what has this access; menus show nothing else.
    public func isOpen(to visitor: Visitor) -> Bool { refusal(of: visitor, isWrite: false) == nil }

    /// Whether somebody has to be signed in.
    var needsVisitor: Bool { if case .signedIn = self { true } else { false } }
}

/// Whose rows an operation names, by its path or as a list: what the test with strangers goes by.
public enum RowScope: Sendable, Hashable {
    /// It names no row of anybody, and this is why.
    case none(_ reason: String)
    /// It names rows of this table, which are looked for among those that the visitor may see.
    case rows(of: Table)
}
