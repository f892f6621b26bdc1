import Documents
import Foundation
import Testing

@Suite struct LetterMailTests {
    private let templates: MailTemplates

    init() throws {
        templates = try MailTemplates(
            directory: URL(filePath: #filePath).appending(path: "../../../templates/email").standardizedFileURL)
    }

    private func filled(_ name: String, _ values: [String: TemplateValue]) throws -> FilledTemplate {
        let mail = try templates.fill(name, with: values)
        #expect(!mail.html.contains("{{"))
        #expect(!mail.text.contains("{{"))
        #expect(!mail.text.contains("\n\n\n"))
        #expect(!mail.subject.contains("\n"))
        return mail
    }

    @Test func `a proposal's mail names prices, terms and the last day`() throws {
        let mail = try filled("proposal", ProposalDocument.example().templateValues)
        #expect(mail.subject == "Our revised proposal for Whole Foods Market – Pacific Northwest: 35% off MSRP")
        for form in [mail.text, mail.html] {
            for part in [
                "Hello Jennifer Smith", "35% off MSRP", "Green Detox Smoothie", "$5.19", "NET 30", "12 months",
                "Free freezer after $50K", "December 20, 2026", "Sarah Johnson",
            ] { #expect(form.contains(part), "\(part)") }
        }
    }

    @Test(arguments: ["partner_rejected", "partner_closed"])
    func `a business is told why, and only if there is a reason`(template: String) throws {
        var letter = PartnerLetter(letterhead: .example, partner: .example, reason: "No freezer on site")
        #expect(try filled(template, letter.templateValues).text.contains("Reason: No freezer on site"))
        letter.reason = ""
        #expect(try !filled(template, letter.templateValues).html.contains("Reason"))
    }

    @Test func `whoever opens a ticket is told its number`() throws {
        let letter = TicketLetter(
            letterhead: .example, businessName: "Bluebird Cafe", opener: "Rosa", number: "TCK-1042",
            subject: "Two cases were soft")
        let mail = try filled("ticket_received", letter.templateValues)
        #expect(mail.subject == "TCK-1042: Two cases were soft")
        #expect(mail.html.contains("Ticket TCK-1042"))
    }

    @Test func `a guest is told that a meeting is planned, moved or off`() throws {
        let expected: [(MeetingLetter.Occasion, String, String)] = [
            (.planned, "Invitation: Product demo, Thursday, December 3", "invites you"),
            (.moved, "New time: Product demo", "has a new time"),
            (.cancelled, "Cancelled: Product demo", "does not take place"),
        ]
        for (occasion, subject, words) in expected {
            let mail = try filled("meeting_invite", MeetingLetter.example(occasion).templateValues)
            #expect(mail.subject.hasPrefix(subject))
            #expect(mail.text.contains(words))
            #expect(mail.html.contains(words))
            #expect(mail.text.contains("Your calendar can take it") == (occasion != .cancelled))
        }
    }

    @Test func `a rep is reminded with time, place and points`() throws {
        let mail = try filled("meeting_reminder", MeetingLetter.example(.near).templateValues)
        #expect(mail.subject == "Product demo with Sarah Johnson, Thursday, December 3, 2026, 10:00 AM PST")
        for part in ["2001 15th Avenue West", "- Freezer space"] { #expect(mail.text.contains(part)) }
    }

    @Test func `a rep is told what a period pays`() throws {
        let mail = try filled("commission_statement", CommissionStatement.example().templateValues)
        #expect(mail.subject == "Your commission for November 2026: $1,127.25")
        #expect(mail.text.contains("all 3 lines"))
        #expect(!mail.text.contains("carried forward"))
    }
}
