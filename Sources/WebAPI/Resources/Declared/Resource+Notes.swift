import Accounts
import Database

extension Resource {
    /// Notes, documents, files and notifications (D-07…D-09, D-26, D-43).
    static let notes: [Resource] = [
        Resource(
            "lead-notes", "lead note", .leadNotes, tag: "Notes", audience: .company,
            creation: .row([.salesRep], filling: [("sales_rep_id", "visitor.id()")]), editing: ([.salesRep], nil),
            removal: Removal(kinds: [.salesRep]),
            times + [
                Column("lead_id", .id, .filter, .create, .required, parent: .leads),
                Column("sales_rep_id", .id, .filter),
                Column("note", .text(1...10_000), .search, .edit, .required), Column("is_private", .boolean, .edit),
            ]),
        Resource(
            "partner-notes", "partner note", .partnerNotes, tag: "Notes", audience: .company,
            creation: .row(
                .company, needs: .managePartners,
                filling: [("author_kind", "visitor.kind()"), ("author_id", "visitor.id()")]),
            editing: (.company, .managePartners), removal: Removal(kinds: .company, needs: .managePartners),
            times + [
                Column("partner_id", .id, .filter, .create, .required, parent: .partners),
                Column("author_kind", .choice(["sales_rep", "admin"]), .filter), Column("author_id", .id, .filter),
                Column("note", .text(1...10_000), .search, .edit, .required), Column("is_private", .boolean, .edit),
            ]),
        Resource(
            "lead-documents", "lead document", .leadDocuments, tag: "Notes", audience: .company,
            // The file is sent before, to POST /api/v1/files. What an admin adds is the rep's whose lead it is.
            creation: .row(
                .company, needs: .manageLeads,
                filling: [
                    (
                        "uploaded_by",
                        """
                        CASE visitor.kind() WHEN 'sales_rep' THEN visitor.id()
                            ELSE (SELECT l.sales_rep_id FROM leads l WHERE l.id = x.lead_id) END
                        """
                    )
                ]),
            editing: (.company, .manageLeads), removal: Removal(kinds: .company, needs: .manageLeads),
            times + [
                Column("lead_id", .id, .filter, .create, .required, parent: .leads),
                Column("name", .line, .search, .edit, .required),
                Column(
                    "type", .choice(["proposal", "contract", "presentation", "license", "other"]), .filter, .edit,
                    .required),
                Column("file_id", .id, .null, .create, .required, parent: .files), Column("proposal_id", .id, .null),
                Column("is_draft", .boolean, .edit),
                Column("uploaded_by", .id, .filter), Column("uploaded_at", .moment, .sort, .range),
            ]),
        Resource(
            "files", "file", .files, tag: "Notes",
            [
                Column("name", .line, .search), Column("mime", .text(), .filter),
                Column("size_bytes", .integer(), .sort), Column("sha256", .text(), sql: "encode(t.sha256, 'hex')"),
                Column("machine", .text(), .filter), Column("record_id", .id, .filter),
                Column("created_at", .moment, .sort, .range),
            ]),
        Resource(
            "notifications", "notification", .notifications, tag: "Notes", editing: (.everybody, nil),
            times + [
                Column("type", .text(), .filter), Column("title", .line, .search), Column("message", .text()),
                Column("action_url", .text(), .null), Column("related_type", .text(), .null, .filter),
                Column("related_id", .id, .null, .filter), Column("is_critical", .boolean, .filter),
                Column("is_read", .boolean, .filter, .edit), Column("read_at", .moment, .null, .edit),
            ]),
    ]
}
