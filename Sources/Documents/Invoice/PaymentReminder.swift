/// The one reminder mail that a partner gets on a day: all its open invoices, and how urgent the most urgent is.
///
/// Source: R-13.
public struct PaymentReminder: Sendable, Equatable {
    /// A rung of the ladder; the raw values are those of the vocabulary.
    public enum Stage: String, Sendable, CaseIterable {
        /// Three days before the due date.
        case dueSoon = "due_soon"
        /// On the due date.
        case dueToday = "due_today"
        /// One day late.
        case overdue1 = "overdue_1"
        /// A week late.
        case overdue7 = "overdue_7"
        /// Fifteen days late: a fee is added.
        case overdue15 = "overdue_15"
        /// A month late: new orders on terms are held.
        case overdue30 = "overdue_30"
        /// Two months late.
        case overdue60 = "overdue_60"
        /// Three months late.
        case overdue90 = "overdue_90"
    }

    /// An open invoice.
    public struct Item: Sendable, Equatable {
        /// The invoice's number.
        public var number: String
        /// The number of its order.
        public var orderNumber: String
        /// The last day to pay; `nil` for "on receipt".
        public var dueOn: String?
        /// Days since the due date; negative or zero before it has passed.
        public var daysLate: Int
        /// What is still to be paid.
        public var dueCents: Int64

        /// Makes an item.
        public init(number: String, orderNumber: String, dueOn: String?, daysLate: Int, dueCents: Int64) {
            self.number = number
            self.orderNumber = orderNumber
            self.dueOn = dueOn
            self.daysLate = daysLate
            self.dueCents = dueCents
        }
    }

    /// The stage that the heading speaks of: the latest that any of the invoices has reached today.
    public var stage: Stage
    /// Who reminds.
    public var seller: Letterhead
    /// Who is reminded.
    public var buyer: Addressee
    /// All open invoices, in the order of printing.
    public var items: [Item]
    /// What is due altogether, as the ledger has it.
    public var totalDueCents: Int64
    /// How to pay; may hold line ends.
    public var howToPay: String?

    /// Makes a reminder.
    public init(
        stage: Stage, seller: Letterhead, buyer: Addressee, items: [Item],
        totalDueCents: Int64, howToPay: String? = nil
    ) {
        self.stage = stage
        self.seller = seller
        self.buyer = buyer
        self.items = items
        self.totalDueCents = totalDueCents
        self.howToPay = howToPay
    }

    /// What the mail `payment_reminder` can show.
    ///
    /// Of the names of the stages, exactly one is true.
    public var templateValues: [String: TemplateValue] {
        var values = seller.templateValues.merging(buyer.templateValues) { first, _ in first }
        for stage in Stage.allCases { values[stage.rawValue] = .flag(stage == self.stage) }
        values["totalDue"] = .text(MoneyText.dollars(totalDueCents))
        values["howToPay"] = .lines(howToPay)
        values["invoices"] = .list(items.map(\.templateValues))
        return values
    }
}

extension PaymentReminder.Item {
    var templateValues: [String: TemplateValue] {
        [
            "number": .text(number), "orderNumber": .text(orderNumber), "due": .text(MoneyText.dollars(dueCents)),
            "dueOn": .text(dueOn ?? "on receipt"),
            "late": daysLate > 0
                ? .text(daysLate == 1 ? "1 day late" : "\(MoneyText.whole(daysLate)) days late") : .absent,
        ]
    }
}
