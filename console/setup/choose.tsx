import { GUIDES, type Guide, type Method } from '../guides';
import { GuideText } from './guide-text';
import { Heading } from './heading';
import { useSetup } from './setup-context';

/** The first decision: which identity provider. */
export function ChooseProvider({ onChoose }: { readonly onChoose: (guide: Guide) => void }) {
  const { branding, page } = useSetup();
  return (
    <div class="stack">
      <Heading>Which identity provider do you use?</Heading>
      <p>
        {branding.vendor} takes over the people and groups of {page.tenant.name} from there, and ends their
        access when they leave. You need about half an hour; you can stop at any step and go on later with the
        same link.
      </p>
      <Choices
        of={GUIDES.map((guide) => ({
          key: guide.id,
          name: guide.name,
          text: guide.summary,
          choose: () => onChoose(guide),
        }))}
      />
    </div>
  );
}

/** The second: how it presents itself. */
export function ChooseMethod(props: {
  readonly guide: Guide;
  readonly methods: readonly Method[];
  readonly onChoose: (method: Method) => void;
}) {
  const { guide, methods, onChoose } = props;
  return (
    <div class="stack">
      <Heading>{`How does ${guide.name} present itself?`}</Heading>
      <p>
        The first is advised. Your {guide.name} may not offer all of them: take the first one that it does.
      </p>
      <Choices
        of={methods.map((method) => ({
          key: method.id,
          name: method.name,
          text: method.choose,
          choose: () => onChoose(method),
        }))}
      />
    </div>
  );
}

function Choices(props: {
  readonly of: readonly {
    readonly key: string;
    readonly name: string;
    readonly text: string;
    readonly choose: () => void;
  }[];
}) {
  return (
    <ul class="choices">
      {props.of.map(({ key, name, text, choose }) => (
        <li key={key}>
          <button type="button" class="choice" onClick={choose}>
            <strong>{name}</strong>
            <span>
              <GuideText text={text} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
