extension ProposalDocument {
    /// What the mail `proposal` can show.
    public var templateValues: [String: TemplateValue] {
        var values = letterhead.templateValues.merging(customer.templateValues) { first, _ in first }
        values["version"] = .text("\(version)")
        values["isRevised"] = .flag(version > 1)
        values["preparedBy"] = .text(preparedBy)
        values["discount"] = .text(discountText)
        values["tier"] = .text(tier)
        values["monthlyUnits"] = .text(MoneyText.whole(monthlyUnits))
        values["contract"] = .text(contractText)
        values["paymentTerms"] = .text(terms.payment)
        values["specialTerms"] = .lines(terms.special)
        values["validUntil"] = .text(validUntil)
        values["lines"] = .list(
            lines.map { line in
                [
                    "description": .text(line.description), "sku": .optional(line.sku),
                    "price": .text(MoneyText.dollars(line.unitPriceCents)),
                    "msrp": .text(MoneyText.dollars(line.msrpCents)),
                ]
            })
        return values
    }
}
