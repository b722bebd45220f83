import { Link } from '@tanstack/react-router'
import { Contents } from '../help/Contents.tsx'
import { HelpFrame } from '../help/HelpFrame.tsx'
import { HowItWorks } from '../help/HowItWorks.tsx'
import { Questions } from '../help/Questions.tsx'
import { ReadingSections } from '../help/ReadingSections.tsx'
import { Section } from '../help/Section.tsx'
import { TopUpSections } from '../help/TopUpSections.tsx'
import { Troubleshooting } from '../help/Troubleshooting.tsx'
import { Page } from '../parts/Page.tsx'

/** The article about usage, credits and limits, whole; read by anyone. */
export function HelpPage() {
  return (
    <HelpFrame>
      <div className="help-columns">
        <Contents />
        <article>
          <Page
            title="Usage, credits and limits"
            lead="A guide to reading your usage meters, understanding your three metered resources, topping up mid-cycle, and diagnosing limit-related blocks anywhere in the platform."
          >
            <p className="quiet">
              9 min read · Updated <time dateTime="2026-06-29">Jun 29, 2026</time>
            </p>
            <ReadingSections />
            <TopUpSections />
            <HowItWorks />
            <Troubleshooting />
            <Questions />
            <Related />
            <Section id="contact">
              <p>
                Can’t find what you’re looking for? Our team is one message away. We usually reply within a business
                day.
              </p>
              <Link to="/help/contact" className="button is-primary help-contact">
                Contact us
              </Link>
            </Section>
          </Page>
        </article>
      </div>
    </HelpFrame>
  )
}

function Related() {
  return (
    <Section id="related">
      <ul>
        <li>
          <a className="link" href="#topping-up">
            Buying more leads, emails and AI credits
          </a>
        </li>
        <li>
          <a className="link" href="#remaining-credits">
            Why a balance is lower than expected
          </a>
        </li>
        <li>
          <a className="link" href="#period-and-rollover">
            When a billing period begins anew
          </a>
        </li>
      </ul>
    </Section>
  )
}
