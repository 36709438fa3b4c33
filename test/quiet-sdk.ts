// Node 20 is what the project supports; the SDK's notice of its own plans would bury what a test prints.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
