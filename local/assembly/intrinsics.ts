import { LOCAL_ACCOUNT, LOCAL_PARTITION, LOCAL_REGION } from '../account';
import { booleanOf, isRecord, type JsonRecord, listOf, recordOf, stringOf } from '../json';
import { LocalError } from '../local-error';
import { attributeOf, physicalIdOf, type Resource } from './physical-names';

/** Where a value stands in the template, for messages: `UsersFunction.Environment.Variables.TABLE_NAME`. */
export type Where = string;

/** What of a template the intrinsic functions look at. */
export interface ResolverInput {
  readonly stackName: string;
  readonly template: JsonRecord;
  /** Base URL of the local services (SQS queue URLs are made of it), without a slash at the end. */
  readonly servicesUrl: string;
}

/**
 * Replaces CloudFormation's intrinsic functions by what they stand for on this machine.
 *
 * Values are resolved when they are asked for, so that a resource the local run does not look at (an alarm, a
 * dashboard) may use whatever it likes.
 */
export class Resolver {
  private readonly resources: JsonRecord;
  private readonly parameters: JsonRecord;
  private readonly conditions: JsonRecord;
  private readonly mappings: JsonRecord;

  constructor(private readonly input: ResolverInput) {
    this.resources = recordOf(input.template.Resources);
    this.parameters = recordOf(input.template.Parameters);
    this.conditions = recordOf(input.template.Conditions);
    this.mappings = recordOf(input.template.Mappings);
  }

  /**
   * The value with every intrinsic function replaced. `AWS::NoValue` removes the property or list element that holds
   * it.
   *
   * @throws LocalError naming `where`, when a function, resource, parameter or attribute is not known
   */
  resolve(value: unknown, where: Where): unknown {
    if (Array.isArray(value)) {
      return value
        .map((element, position) => this.resolve(element, `${where}[${position}]`))
        .filter((element) => element !== undefined);
    }
    if (!isRecord(value)) return value;
    const [name, ...others] = Object.keys(value);
    if (name !== undefined && others.length === 0 && isIntrinsic(name)) {
      return this.intrinsic(name, value[name], where);
    }
    const resolved: JsonRecord = {};
    for (const [key, inner] of Object.entries(value)) {
      const result = this.resolve(inner, `${where}.${key}`);
      if (result !== undefined) resolved[key] = result;
    }
    return resolved;
  }

  /** The value as a string. */
  text(value: unknown, where: Where): string {
    const text = stringOf(this.resolve(value, where));
    if (text === undefined) throw new LocalError(`The template's ${where} is not a string.`);
    return text;
  }

  /** True when a condition of the template holds. */
  holds(condition: string, where: Where): boolean {
    const definition = this.conditions[condition];
    if (definition === undefined) {
      throw new LocalError(
        `The template's ${where} names the condition "${condition}", which does not exist.`,
      );
    }
    return booleanOf(this.resolve(definition, `Conditions.${condition}`)) === true;
  }

  private intrinsic(name: string, argument: unknown, where: Where): unknown {
    switch (name) {
      case 'Ref':
        return this.reference(String(argument), where);
      case 'Fn::GetAtt':
        return this.attribute(argument, where);
      case 'Fn::Join': {
        const [separator, parts] = listOf(argument);
        const texts = listOf(this.resolve(parts, where)).map((part) => this.text(part, where));
        return texts.join(stringOf(separator) ?? '');
      }
      case 'Fn::Sub':
        return this.substitute(argument, where);
      case 'Fn::Select': {
        const [position, list] = listOf(argument);
        const index = Number(this.text(position, where));
        const chosen = listOf(this.resolve(list, where))[index];
        if (chosen === undefined)
          throw new LocalError(`The template's ${where} selects element ${index}, which does not exist.`);
        return chosen;
      }
      case 'Fn::Split': {
        const [separator, text] = listOf(argument);
        return this.text(text, where).split(this.text(separator, where));
      }
      case 'Fn::If': {
        const [condition, yes, no] = listOf(argument);
        return this.resolve(this.holds(String(condition), where) ? yes : no, where);
      }
      case 'Fn::Equals': {
        const [left, right] = listOf(this.resolve(argument, where));
        return JSON.stringify(left) === JSON.stringify(right);
      }
      case 'Fn::And':
        return listOf(argument).every((part) => booleanOf(this.resolve(part, where)) === true);
      case 'Fn::Or':
        return listOf(argument).some((part) => booleanOf(this.resolve(part, where)) === true);
      case 'Fn::Not':
        return booleanOf(this.resolve(listOf(argument)[0], where)) !== true;
      case 'Condition':
        return this.holds(String(argument), where);
      case 'Fn::Base64':
        return Buffer.from(this.text(argument, where)).toString('base64');
      case 'Fn::FindInMap': {
        const [map, first, second] = listOf(argument).map((part) => this.text(part, where));
        const found = recordOf(recordOf(this.mappings[map ?? ''])[first ?? ''])[second ?? ''];
        if (found === undefined)
          throw new LocalError(
            `The template's ${where} looks up ${map}.${first}.${second}, which does not exist.`,
          );
        return found;
      }
      default:
        throw new LocalError(`The template's ${where} uses ${name}, which the local run does not know.`);
    }
  }

  private reference(name: string, where: Where): unknown {
    switch (name) {
      case 'AWS::Region':
        return LOCAL_REGION;
      case 'AWS::AccountId':
        return LOCAL_ACCOUNT;
      case 'AWS::Partition':
        return LOCAL_PARTITION;
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.input.stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stack/${this.input.stackName}/local`;
      case 'AWS::NoValue':
        return undefined;
      case 'AWS::NotificationARNs':
        return [];
    }
    if (isRecord(this.parameters[name])) {
      const value = recordOf(this.parameters[name]).Default;
      if (value === undefined) {
        throw new LocalError(
          `The template's ${where} needs the parameter "${name}", which has no default value.`,
        );
      }
      return value;
    }
    return physicalIdOf(this.resource(name, where), this.namingContext());
  }

  private attribute(argument: unknown, where: Where): unknown {
    const [logicalId, attribute] =
      typeof argument === 'string'
        ? [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)]
        : [String(listOf(argument)[0]), this.text(listOf(argument)[1], where)];
    const resource = this.resource(logicalId, where);
    const value = attributeOf(resource, attribute, this.namingContext());
    if (value === undefined) {
      throw new LocalError(
        `The template's ${where} asks for the attribute "${attribute}" of ${logicalId} (${resource.type}), which the local run does not know.`,
      );
    }
    return value;
  }

  private substitute(argument: unknown, where: Where): string {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own = recordOf(variables);
    return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(own, name)) return this.text(own[name], where);
      const value = name.includes('.') ? this.attribute(name, where) : this.reference(name, where);
      return stringOf(value) ?? '';
    });
  }

  private resource(logicalId: string, where: Where): Resource {
    const found = this.resources[logicalId];
    if (!isRecord(found)) {
      throw new LocalError(`The template's ${where} refers to "${logicalId}", which does not exist.`);
    }
    return { logicalId, type: String(found.Type), properties: recordOf(found.Properties) };
  }

  private namingContext() {
    return {
      stackName: this.input.stackName,
      servicesUrl: this.input.servicesUrl,
      text: (value: unknown, where: Where) => this.text(value, where),
    };
  }
}

const isIntrinsic = (name: string) => name === 'Ref' || name === 'Condition' || name.startsWith('Fn::');
