public import Documents
public import Foundation
import Jobs
import Workflows

/// Short mails that lead into a portal: filled with the words of a template, and delivered.
public struct PortalMail: Sendable {
    /// What is said, to whom, about what.
    struct Words {
        var greetingName: String
        var email: String
        var title: String
        var message: String
        /// Where it leads, from the portal's root on.
        var path: String
        /// The token that ends the path of a link that lets somebody in.
        var token: String?
        var machine: String
        var record: UUID
    }

    let delivery: MailDelivery
    private let templates: MailTemplates
    private let portal: URL
    /// Who writes.
    let seller: Letterhead

    /// Puts it together.
    ///
    /// - Parameters:
    ///   - delivery: How mail leaves.
    ///   - templates: The words of mails.
    ///   - seller: Who writes.
    ///   - portal: The address under which the portals are reached.
    public init(delivery: MailDelivery, templates: MailTemplates, seller: Letterhead, portal: URL) {
        (self.delivery, self.templates, self.seller, self.portal) = (delivery, templates, seller, portal)
    }

    /// The mail of a job.
    ///
    /// - Throws: `TemplateError`, when the template cannot be filled; `SecretBox.Fault`.
    func mail(_ words: Words, as template: String, for context: JobContext) throws -> OutboundEmail {
        let letter = PortalLetter(
            seller: seller, greetingName: words.greetingName, title: words.title, message: words.message,
            link: portal.absoluteString + words.path + (words.token == nil ? "" : OutboundEmail.secretMark))
        let filled = try templates.fill(template, with: letter.templateValues)
        var mail = OutboundEmail(
            jobID: context.id.rawValue, machine: words.machine, record: words.record, template: template,
            messageID: delivery.messageID(of: context), recipients: [words.email], subject: filled.subject,
            text: filled.text, html: filled.html, fileIDs: [], state: delivery.initialState, createdAt: context.now())
        // What stays here is shown to admins, who are not whom it lets in.
        if let token = words.token, mail.state != .kept {
            mail.secret = try delivery.secrets.seal(token, record: mail.id, column: OutboundEmail.secretColumn)
        }
        return mail
    }
}
