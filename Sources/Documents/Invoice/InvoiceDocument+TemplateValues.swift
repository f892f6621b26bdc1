extension InvoiceDocument {
    /// What the mails about this invoice can show: `invoice_issued`, `invoice_cancelled` and `credit_note`.
    ///
    /// The names of another kind of document are there as ``TemplateValue/absent``.
    public var templateValues: [String: TemplateValue] {
        var values = seller.templateValues.merging(buyer.templateValues) { first, _ in first }
        values["invoiceNumber"] = .text(number)
        values["orderNumber"] = .text(orderNumber)
        values["purchaseOrder"] = .optional(purchaseOrder)
        values["issuedOn"] = .text(issuedOn)
        values["dueOn"] = .optional(dueOn)
        values["paymentTerms"] = .optional(paymentTerms)
        values["total"] = .text(MoneyText.dollars(totals.totalCents))
        values["amountDue"] = .text(MoneyText.dollars(amountDueCents))
        values["isPaid"] = .flag(amountDueCents <= 0)
        values["howToPay"] = .lines(howToPay)
        values["notes"] = .lines(notes)
        return values.merging(kind.templateValues) { _, second in second }
    }
}

extension InvoiceDocument.Kind {
    var templateValues: [String: TemplateValue] {
        var values: [String: TemplateValue] = [
            "cancelledOn": .absent, "reason": .absent, "creditNumber": .absent, "creditIssuedOn": .absent,
            "creditAmount": .absent,
        ]
        switch self {
        case .invoice: break
        case .cancellation(let day, let reason):
            values["cancelledOn"] = .text(day)
            values["reason"] = .optional(reason)
        case .creditNote(let number, let day, let reason, let amount):
            values["creditNumber"] = .text(number)
            values["creditIssuedOn"] = .text(day)
            values["reason"] = .optional(reason)
            values["creditAmount"] = .text(MoneyText.dollars(amount))
        }
        return values
    }
}
