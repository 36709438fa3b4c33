import { main } from './main';

// The project runs on Node 20; the SDK's advice to newer ones would stand before every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
